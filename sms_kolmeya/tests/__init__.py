from . import test_kolmeya_blacklist
from . import test_kolmeya_neutralize
from . import test_kolmeya_polling
from . import test_kolmeya_profiles
from . import test_kolmeya_sending
from . import test_kolmeya_webhooks
from . import test_provider_form
from . import test_roles
