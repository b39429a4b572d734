from . import contacts_realcred_campaign
from . import contacts_realcred_batch
