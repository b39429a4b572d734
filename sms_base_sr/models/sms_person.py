import json
import re
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

from ..tools import personal_data, pseudonym
from ..tools.own_part import own_part

# Shorter names stand in everybody's texts.
SHORTEST_NAME = 6
MOST_ROWS = 5_000


@dataclass
class Person:
    """Somebody to look for: what a request names, and what that leads to."""

    company: object
    partners: object
    numbers: list = field(default_factory=list)
    messages: list = field(default_factory=list)


class SmsPerson(models.AbstractModel):
    """What we hold on a person: every place in which it may stand, declared once.

    Report and erasure go by the same list, so that neither can forget a copy which
    the other one knows. Addons add theirs to ``_places``.
    """

    _name = "sms.person"
    _description = "Personal data in SMS"

    @api.model
    def _places(self):
        """Places in the order in which they are erased; addons put theirs in front."""
        return []

    @api.model
    def _find(self, company, numbers, partners):
        """Return the :class:`Person` of these numbers (E.164) and partners.

        Messages of somebody else who had the same number are that person's.
        """
        known = partners.filtered("phone_sanitized").mapped("phone_sanitized")
        person = Person(company, partners, sorted({*numbers, *known}))
        rows = self._message_rows(person)
        # Numbers that this person had before.
        mine = {phone for _id, phone, partner in rows if partner and phone}
        if mine - set(person.numbers):
            person.numbers = sorted({*person.numbers, *mine})
            rows = self._message_rows(person)
        person.messages = [row[0] for row in rows]
        return person

    @api.model
    def _message_rows(self, person):
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            """
            SELECT id, phone, partner_id FROM sms_message
            WHERE company_id = %(company)s AND (partner_id = ANY(%(partners)s)
                OR (phone = ANY(%(numbers)s)
                    AND (partner_id IS NULL OR partner_id = ANY(%(partners)s))))
            ORDER BY id
            """,
            {
                "company": person.company.id,
                "partners": person.partners.ids,
                "numbers": self._with_pseudonyms(person.numbers),
            },
        )
        return self.env.cr.fetchall()

    @api.model
    def _with_pseudonyms(self, numbers):
        """These numbers, and what retention has made of them."""
        box = self.env["sms.secret.mixin"]._secret_box()
        hashes = [one for number in numbers for one in box.fingerprints(number)]
        made = [pseudonym.by_fingerprint(one) for one in hashes]
        return [*numbers, *made]

    @api.model
    def _numbers_in(self, message_ids):
        """The different numbers of some messages."""
        self.env.cr.execute(
            "SELECT DISTINCT phone FROM sms_message"
            " WHERE id = ANY(%s) AND phone IS NOT NULL",
            [list(message_ids)],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _parameters(self, person, token=None):
        """Values for the SQL of the places."""
        forms = pseudonym.all_forms(person.numbers)
        names = [n for n in person.partners.mapped("name") if n]
        names = [name for name in names if len(name) >= SHORTEST_NAME]
        providers = self.env["sms.provider"].sudo().with_context(active_test=False)
        of_company = [("company_id", "=", person.company.id)]
        plain = [re.sub(r"\D", "", number) for number in person.numbers]
        return {
            "company": person.company.id,
            "partners": person.partners.ids,
            "messages": person.messages,
            "numbers": self._with_pseudonyms(person.numbers),
            "exact": sorted({*person.numbers, *plain, *forms}),
            "like": pseudonym.like_patterns(forms),
            "names": pseudonym.like_patterns(names + [escaped(n) for n in names]),
            "providers": providers.search(of_company).ids,
            "token": token,
        }

    # -- the report --------------------------------------------------------------------

    @api.model
    def _sms_personal_data(self, company, numbers, partners):
        """Return [(place, rows)] with what we hold; rows are dicts by column."""
        person = self._find(company, numbers, partners)
        return self._rows_of(person)

    @api.model
    def _rows_of(self, person):
        self.env.flush_all()
        values = self._parameters(person)
        words = self._words_of(person)
        found = [
            (place, self._own_rows(place, values, words)) for place in self._places()
        ]
        return [(place, rows) for place, rows in found if rows]

    @api.model
    def _words_of(self, person):
        """What names this person in a text that tells of several."""
        self.env.cr.execute(
            "SELECT reference::text, provider_message_id FROM sms_message"
            " WHERE id = ANY(%s)",
            [person.messages],
        )
        ids = [one for row in self.env.cr.fetchall() for one in row if one]
        names = [n for n in person.partners.mapped("name") if n]
        return [*pseudonym.all_forms(person.numbers), *names, *ids]

    @api.model
    def _own_rows(self, place, values, words):
        rows = self._read_place(place, values)
        for row in rows:
            row.update({name: own_part(row[name], words) for name in place.shared})
        return rows

    @api.model
    def _read_place(self, place, values):
        columns = SQL(", ").join(SQL.identifier("t", name) for name in place.shown)
        self.env.cr.execute(
            SQL(
                "SELECT t.id, %s FROM %s t WHERE %s ORDER BY t.id LIMIT %s",
                columns,
                SQL.identifier(place.table),
                SQL(place.where, **values),
                MOST_ROWS,
            )
        )
        names = ("id", *place.shown)
        return [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]

    # -- erasing -----------------------------------------------------------------------

    @api.model
    def _forget_place(self, place, values):
        """Erase one place; return how many rows that were."""
        where = SQL(place.where, **values)
        table = SQL.identifier(place.table)
        if not place.forget:
            return 0
        if place.forget == personal_data.DELETE:
            self.env.cr.execute(SQL("DELETE FROM %s t WHERE %s", table, where))
        else:
            change = SQL(place.forget, **values)
            self.env.cr.execute(
                SQL("UPDATE %s t SET %s WHERE %s", table, change, where)
            )
        return self.env.cr.rowcount


def escaped(text):
    """Return a text as it stands in JSON."""
    return json.dumps(text)[1:-1]
