from . import acrux_chat_message_wizard
from . import sms_chatroom_compose
