"""Import the contacts, make the campaign, press *Send SMS*."""

from .json2 import Json2
from .recipients import Contact


def import_blacklist(admin: Json2, contacts: list[Contact]) -> None:
    """Enter the numbers that must not be texted, as an administrator does."""
    numbers = [c.phone for c in contacts if c.kind == "blacklisted"]
    admin.create_all("phone.blacklist", [{"number": number} for number in numbers])


def import_contacts(
    manager: Json2, name: str, contacts: list[Contact], template: str
) -> int:
    """Create partners, campaign and contacts; return the campaign's id."""
    partners = import_partners(manager, contacts)
    [template_id] = manager.call(
        "sms.template", "search", domain=[["code", "=", template]], limit=1
    )
    [salesperson] = manager.call(
        "res.users", "search", domain=[["login", "=", "salesperson"]], limit=1
    )
    values = {
        "name_campaign": name,
        "sms_template_id": template_id,
        "user_id": salesperson,
    }
    [campaign] = manager.call(
        "contacts.realcred.campaign", "create", vals_list=[values]
    )
    rows = [contact_row(c, campaign, partners.get(id(c))) for c in contacts]
    manager.create_all("contacts.realcred.batch", rows)
    return campaign


def import_partners(manager: Json2, contacts: list[Contact]) -> dict[int, int]:
    """Create the partners whom the company knows already."""
    known = [c for c in contacts if c.has_partner and c.kind == "good"]
    rows = [{"name": c.name.strip(), "phone": c.phone} for c in known]
    ids = manager.create_all("res.partner", rows)
    return {id(contact): partner for contact, partner in zip(known, ids, strict=True)}


def contact_row(contact: Contact, campaign: int, partner: int | None) -> dict:
    """Return a contact as the campaign's model wants it."""
    return {
        "campaing_id": campaign,
        # The model requires a name: a careless list has blanks there.
        "name": contact.name or " ",
        "cpf": contact.cpf,
        "telefone1": contact.phone,
        "whatsapp1": contact.phone,
        "uf": contact.uf,
        "vi_rmi": contact.margin,
        "updated_limit": contact.updated,
        "falecido": contact.deceased,
        "cpf_id": partner or False,
    }


def send(manager: Json2, campaign: int) -> None:
    """Press *Send SMS*."""
    manager.call("contacts.realcred.campaign", "action_send_campaign", ids=[campaign])


def read_summary(manager: Json2, campaign: int) -> dict:
    """Return the campaign's live figures."""
    [row] = manager.call(
        "contacts.realcred.campaign",
        "read",
        ids=[campaign],
        fields=["sms_summary", "state_sms", "sms_job_state"],
    )
    return row["sms_summary"]
