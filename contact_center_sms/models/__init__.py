from . import acrux_chat_connector
from . import acrux_chat_message
from . import sms_message
