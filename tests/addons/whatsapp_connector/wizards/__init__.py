from . import acrux_chat_message_wizard
from . import acrux_chat_pop_message
