"""The supervisor: does it run, who waits, who answers; and the rules of sending."""

from tests.days.day import Day
from tests.days.scene import ASKED, MATEUS, digits

BLACKLIST = "action-phone_validation.phone_blacklist_action"
WINDOW = "Plantão de sábado"
SATURDAY = "5"
WORD = "não me escreva"
SALESPERSON = "Vera Vendedora"


class SupervisorDay(Day):
    """Sônia watches, puts right, and sets the rules."""

    login = "supervisor"

    def live(self) -> None:
        """From the overview in the morning to the words of replies."""
        self.fail_a_job()
        self.watch()
        self.requeue()
        self.reassign()
        self.look_at_answer_times()
        self.make_a_window()
        self.add_a_word()

    # -- does it run? ------------------------------------------------------------------

    def fail_a_job(self) -> None:
        """As if something unforeseen had happened in a job that had sent its batch."""
        self.job = self.sql(
            """
            UPDATE queue_job SET state = 'failed', exc_name = 'OSError',
                exc_message = 'No space left on device'
            WHERE id = (SELECT min(id) FROM queue_job
                        WHERE method_name = '_send_batch' AND state = 'done')
            RETURNING uuid
            """
        )
        assert self.job

    def watch(self) -> None:
        self.open("sms-overview", ".o_sms_overview")
        self.see("[data-tile=failed]")
        self.until(lambda: self.number("[data-tile=failed] .fs-3") == 1)
        self.see("[data-provider]")
        self.shoot("supervisor-overview")

    def requeue(self) -> None:
        """A job that has sent its batch sends nothing when it runs again."""
        sent = self.ledger()
        self.press("[data-tile=failed]")
        self.see(".o_list_view")
        # Whether the list opens grouped or flat.
        self.until(lambda: self.there(".o_data_row") or self.there(".o_group_header"))
        if not self.there(".o_data_row"):
            self.press(".o_group_header")
        self.see(".o_data_row button[name=requeue]")
        self.shoot("supervisor-jobs")
        self.button("requeue", ".o_data_row")
        state = f"SELECT state FROM queue_job WHERE uuid = '{self.job}'"
        self.until(lambda: self.sql(state) == "done", "the job did not run again")
        assert self.ledger() == sent

    # -- who waits? --------------------------------------------------------------------

    def reassign(self) -> None:
        """A reply goes to another salesperson, who sees it from now on."""
        self.open("sms-replies", ".o_list_view .o_data_row")
        self.row(ASKED[MATEUS.name])
        self.choose("user_id", SALESPERSON)
        self.save()
        self.shoot("supervisor-reassign")
        owner = (
            "SELECT u.login FROM sms_message m JOIN res_users u ON u.id = m.user_id"
            f" WHERE m.body = '{ASKED[MATEUS.name]}'"
        )
        assert self.sql(owner) == "salesperson"

    def look_at_answer_times(self) -> None:
        self.open("sms-waiting", ".o_list_view .o_data_row")
        assert any(MATEUS.name in row for row in self.rows())
        self.open("sms-answer-times", ".o_pivot table")
        self.shoot("supervisor-answer-times")

    # -- the rules ---------------------------------------------------------------------

    def make_a_window(self) -> None:
        """Saturdays until noon."""
        self.open("sms-sending-windows", ".o_list_view")
        self.press(".o_list_button_add")
        self.fill("name", WINDOW)
        # It comes with the hours of a usual week; Saturday ends earlier here.
        days = ".o_field_widget[name=day_ids]"
        self.press(f"{days} .o_data_row:nth-child(6) .o_data_cell[name=hour_to]")
        self.fill("hour_to", "12:00", f"{days} .o_selected_row")
        self.save()
        self.shoot("supervisor-window")
        found = (
            "SELECT d.hour_from || '-' || d.hour_to FROM sms_sending_window_day d"
            " JOIN sms_sending_window w ON w.id = d.window_id"
            f" WHERE w.name::text LIKE '%{WINDOW}%' AND d.weekday = '{SATURDAY}'"
        )
        assert self.sql(found) == "8-12", self.sql(found)

    def add_a_word(self) -> None:
        """From now on who writes this gets no SMS any more."""
        self.open("sms-reply-words", ".o_list_view")
        self.press(".o_list_button_add")
        self.fill("name", WORD, ".o_selected_row")
        self.press(".o_list_button_save")
        self.see(".o_data_row", WORD)
        self.control("reply", phone=digits(MATEUS.phone), text=WORD.upper())
        listed = (
            "SELECT count(*) FROM phone_blacklist WHERE active"
            f" AND number = '+55{digits(MATEUS.phone)}'"
        )
        self.until(lambda: self.sql(listed) == "1", "the number is not blacklisted")
        self.open(BLACKLIST, ".o_list_view")
        self.see(".o_data_row", WORD.upper())
        self.shoot("supervisor-blacklist")
