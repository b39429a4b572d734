"""The campaign manager: a list becomes a campaign, is read, tried, sent, and judged."""

import csv
import tempfile
from pathlib import Path

from tests.days.day import Day
from tests.days.scene import HOURS, TESTED
from tests.demo import recipients

CAMPAIGNS = "action-contacts_realcred.contacts_realcred_campaign_action"
NAME = "Margem de dezembro"
TEMPLATE = "Margem disponível"
OWN_NUMBER = "11912345678"
LINES, DEAD = 240, 9
# Lines that no SMS can go to: the import says which, and why.
WRONG = (
    ("Sem Telefone", "", "SP", "1.200,00"),
    ("Telefone Curto", "(11) 123", "SP", "800,00"),
    ("Em Duplicata", "(11) 98222-0001", "SP", "500,00"),
)
REVIEW = ".o_sms_review[data-state=ready]"
PROGRESS = ".o_sms_progress"


class ManagerDay(Day):
    """Márcio prepares the campaign of December."""

    login = "manager"

    def live(self) -> None:
        """From the list of contacts to the figures of the last campaign."""
        self.new_campaign()
        self.import_list()
        self.read_the_plan()
        self.drop_accents()
        self.try_it()
        self.schedule()
        self.send_and_pause()
        self.look_at_results()
        self.look_at_reports()

    # -- the list ----------------------------------------------------------------------

    def new_campaign(self) -> None:
        self.open(CAMPAIGNS)
        self.press(".o_list_button_add")
        self.fill("name_campaign", NAME)
        self.choose("sms_template_id", TEMPLATE)
        self.save()
        self.see(".o_sms_review_empty")
        self.shoot("manager-campaign")

    def import_list(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.browser.send(
                "Browser.setDownloadBehavior", behavior="allow", downloadPath=folder
            )
            self.choose_columns(self.a_list(Path(folder)))
            self.download_refused(Path(folder))
        self.button("action_view_campaign")
        self.see(".o_field_widget[name=name_campaign]")
        assert self.contacts() == LINES + 1, self.contacts()

    def a_list(self, folder: Path) -> Path:
        """What a person saves from a spreadsheet: a few lines of it are wrong."""
        people = [
            (f"{first} {last}", f"(11) 98111-{number:04d}", "SP", "2.480,00")
            for number, (first, last) in enumerate(names(LINES))
        ]
        rows = [people[0], *WRONG, *people[1:]]
        # The number of the duplicate is that of a line before it.
        rows.insert(1, ("Primeira Da Dupla", "11982220001", "SP", "500,00"))
        path = folder / "clientes.csv"
        with path.open("w", encoding="cp1252", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["Cliente", "Celular", "UF", "Valor", "Falecido"])
            for number, row in enumerate(rows):
                gone = "sim" if 10 < number <= 10 + DEAD else ""
                writer.writerow([row[0], row[1], row[2], row[3], gone])
        return path

    def choose_columns(self, path: Path) -> None:
        self.button("action_sms_import")
        self.see("button[name=action_read_file], .o_field_widget[name=file]")
        self.attach("file", path)
        self.button("action_read_file")
        self.see(".o_field_widget[name=column_ids] .o_data_row", "Celular")
        assert len(self.rows()) == 5
        self.tick("realcred_limits_updated")
        # The preview shows a line that will be refused beside those that will not.
        self.see(".o_field_widget[name=preview] tr", "Telefone Curto")
        self.shoot("manager-import-columns")
        self.button("action_import")

    def download_refused(self, folder: Path) -> None:
        self.see("button[name=action_download_refused]")
        self.until(lambda: self.there(".o_field_widget[name=refusals]"))
        self.shoot("manager-import-report")
        self.button("action_download_refused")
        self.until(lambda: any(folder.glob("*efused*.csv")), "no file was downloaded")
        [found] = folder.glob("*efused*.csv")
        self.until(found.read_bytes)
        lines = found.read_text("utf-8-sig").splitlines()
        assert len(lines) == len(WRONG) + 1, lines
        assert all(row[0] in "\n".join(lines) for row in WRONG), lines

    def contacts(self) -> int:
        return int(
            self.sql(
                "SELECT count(*) FROM contacts_realcred_batch b"
                " JOIN contacts_realcred_campaign c ON c.id = b.campaing_id"
                f" WHERE c.name_campaign = '{NAME}'"
            )
        )

    # -- before sending ----------------------------------------------------------------

    def read_the_plan(self) -> None:
        self.button("action_sms_plan")
        self.see(f"{REVIEW} [data-tile=price]")
        assert self.number(f"{REVIEW} [data-tile=recipients] .fs-3") == self.planned()
        self.ask_for_the_balance()
        assert (
            self.browser.run("document.querySelectorAll('.o_sms_sample').length") == 3
        )
        # Nothing has left, whatever the plan says.
        assert not self.received("11981110000")
        self.shoot("manager-review")
        self.open_an_exclusion()

    def ask_for_the_balance(self) -> None:
        asked = "SELECT max(last_balance_check) FROM sms_provider"
        before = self.sql(asked)
        self.press(".o_sms_refresh_balance")
        self.until(lambda: self.sql(asked) != before)
        # Until the answer is shown the screen takes no other click.
        self.browser.wait("!document.querySelector('.o_sms_review .fa-spin')")
        self.see("[data-tile=balance] .text-success")

    def open_an_exclusion(self) -> None:
        """Each reason opens its list."""
        self.press(".o_sms_excluded [data-reason=deceased]")
        self.see(".o_list_view .o_data_row")
        assert len(self.rows()) == DEAD
        self.browser.run("history.back(), null")
        self.see(f"{REVIEW} .o_sms_sample")

    def drop_accents(self) -> None:
        before = self.segments()
        self.button("switch_accents")
        self.see(f"{REVIEW} .o_sms_accents.alert-success")
        self.browser.wait("!document.querySelector('.o_sms_review .fa-spin')")
        assert self.segments() < before
        self.other_samples()
        self.shoot("manager-accents")

    def other_samples(self) -> None:
        samples = (
            "[...document.querySelectorAll('.o_sms_sample')].map(e => e.dataset.sample)"
        )
        before = self.browser.run(samples)
        self.button("other_samples")
        self.until(lambda: self.browser.run(samples) not in ([], before))

    def try_it(self) -> None:
        """A test goes to the own number, and belongs to no campaign."""
        planned, before = self.planned(), len(self.received(OWN_NUMBER))
        self.button("action_sms_test")
        self.fill("phone", OWN_NUMBER, ".modal")
        self.shoot("manager-test")
        self.button("action_send", ".modal")
        arrived = lambda: len(self.received(OWN_NUMBER)) - before  # noqa: E731
        self.until(arrived, "the test did not arrive")
        assert arrived() == 1
        assert self.planned() == planned
        self.browser.wait("!document.querySelector('.modal')")

    def schedule(self) -> None:
        """In office hours, from the next hour on; then she changes her mind."""
        self.choose("sms_sending_window_id", HOURS)
        self.save()
        self.button("action_sms_schedule")
        self.see(".modal .o_field_widget[name=hint]")
        # The calendar opens with the dialog, and hides what it says.
        self.click_at(".modal-title")
        self.browser.wait("!document.querySelector('.o_datetime_picker')")
        self.shoot("manager-schedule")
        self.button("action_schedule", ".modal")
        self.see(".o_sms_review[data-state=scheduled] [data-wait]")
        assert self.run("state") == "scheduled"
        assert not self.received("11981110000")
        self.clear("sms_sending_window_id")
        self.save()

    # -- while it runs -----------------------------------------------------------------

    def send_and_pause(self) -> None:
        self.control("faults", kind="slow", times=None, seconds=1.0)
        self.button("action_sms_release")
        self.confirm()
        self.see(f"{PROGRESS}[data-state=sending]")
        self.until(lambda: self.number("[data-figure=sent]") > 0)
        self.shoot("manager-progress")
        self.button("action_sms_pause")
        self.see(f"{PROGRESS}[data-state=paused]")
        self.nothing_leaves()
        self.control("faults", clear=True)
        self.button("action_sms_resume")
        self.see(f"{PROGRESS}[data-state=done]")
        self.each_once()

    def nothing_leaves(self) -> None:
        """What was in its call is finished; nothing else begins."""
        self.until(lambda: self.number("[data-place=in_call]") == 0)
        there = self.accepted()
        assert self.number("[data-place=not_started]") > 0
        assert there + self.number("[data-place=not_started]") == self.planned()

    def each_once(self) -> None:
        """Everybody of the plan has it, and nobody twice."""
        assert self.accepted() == self.planned()
        # Customers get SMS of two campaigns; none of them twice.
        twice = {**self.ledger()["duplicates"], "phones": {}}
        assert not any(twice.values()), twice
        assert len(self.received("11981110000")) == 1

    def planned(self) -> int:
        return int(self.sql(f"{COUNT} AND m.state != 'canceled'"))

    def accepted(self) -> int:
        return int(self.sql(f"{COUNT} AND m.sent_date IS NOT NULL"))

    def run(self, column: str) -> str:
        return self.sql(f"SELECT {column} FROM sms_run WHERE id = {RUN}")

    def segments(self) -> int:
        return self.number("[data-tile=segments] .fs-3")

    # -- afterwards --------------------------------------------------------------------

    def look_at_results(self) -> None:
        self.open(CAMPAIGNS)
        self.row(TESTED)
        self.see("[data-place=verdict]")
        replied = self.number(".o_sms_results [data-figure=replied]")
        assert replied > 0
        self.shoot("manager-results")
        self.press(".o_sms_results [data-figure=replied]")
        self.see(".o_list_view .o_data_row")

    def look_at_reports(self) -> None:
        self.open("sms-figures", ".o_graph_view canvas")
        self.shoot("manager-reporting")
        self.press(".o_switch_view.o_pivot")
        self.see(".o_pivot table")


# Each new plan is a run of its own: the campaign's is the last one.
RUN = (
    "(SELECT sms_run_id FROM contacts_realcred_campaign"
    f" WHERE name_campaign = '{NAME}')"
)
# Replies, which come while it is being sent, belong to the run too.
COUNT = (
    "SELECT count(*) FROM sms_message m"
    f" WHERE m.direction = 'outgoing' AND m.run_id = {RUN}"
)


def names(count: int) -> list[tuple[str, str]]:
    """So many made-up names."""
    return [
        (
            recipients.FIRST[number % len(recipients.FIRST)],
            recipients.LAST[number * 7 % len(recipients.LAST)],
        )
        for number in range(count)
    ]
