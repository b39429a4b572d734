"""Uninstalling keeps the conversations and takes our jobs away."""


def uninstall_hook(env):
    """Delete our jobs: a job of a method that is gone fails every minute for ever."""
    env.cr.execute(
        "DELETE FROM queue_job WHERE model_name = 'sms.message'"
        " AND method_name = '_mirror_chatroom'"
    )
