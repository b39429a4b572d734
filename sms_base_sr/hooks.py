"""What installing adds and uninstalling must take away outside our own tables."""

JOB_MODELS = ["sms.run", "sms.batch", "sms.batch.stat", "sms.event", "sms.message"]


def post_init_hook(env):
    """Give every provider that exists already its webhook address."""
    env["sms.provider"].with_context(active_test=False).search([])._ensure_secret()


def uninstall_hook(env):
    """Delete our jobs: a job of a model that is gone fails every minute for ever."""
    delete_jobs(env, JOB_MODELS)


def delete_jobs(env, model_names):
    """Delete the jobs of some models, whatever their state."""
    env.cr.execute(
        "DELETE FROM queue_job WHERE model_name = ANY(%s)", [list(model_names)]
    )
