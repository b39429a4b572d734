from odoo.addons.sms_base_sr.tests.rights_case import RightsCase

from .common import ChatroomSmsCase


class TestRoles(RightsCase, ChatroomSmsCase):
    """Role × model × operation of what stands between SMS and the ChatRoom."""

    ADDON = "contact_center_sms"
    ROLES = {
        "employee": "base.group_user",
        "agent": "whatsapp_connector.group_chat_basic",
        "agent_admin": "whatsapp_connector.group_chatroom_admin",
        "salesperson": "sms_base_sr.group_sms_user",
        "campaign": "sms_base_sr.group_sms_campaign",
        "supervisor": "sms_base_sr.group_sms_manager",
        "admin": "sms_base_sr.group_sms_admin",
    }
    # employee, ChatRoom agent, ChatRoom administrator,
    # salesperson, campaign manager, supervisor, administrator
    RIGHTS = {
        "sms.answer.report": "- r r r r r r",
        "sms.chatroom.compose": "- crud crud - - - -",
        "sms.chatroom.todo": "- - - - - r r",
        "sms.timeline": "- r r r r r r",
    }
