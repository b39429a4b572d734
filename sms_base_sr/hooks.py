"""What installing adds and uninstalling must take away outside our own tables."""

from odoo.tools import sql

ATTENTION = "sms_base_sr.mail_activity_type_attention"
ALERT_MODELS = ["sms.provider", "sms.run", "sms.batch", "sms.watch"]
JOB_MODELS = [
    "sms.run",
    "sms.batch",
    "sms.batch.stat",
    "sms.event",
    "sms.message",
    "sms.provider",
    "sms.contact.import",
    "sms.do.not.disturb",
    "sms.erasure",
]


def post_init_hook(env):
    """Give every provider that exists already its webhook address."""
    env["sms.provider"].with_context(active_test=False).search([])._ensure_secret()


def uninstall_hook(env):
    """Take away what Odoo leaves behind: jobs, an index, our type of activity."""
    delete_jobs(env, JOB_MODELS)
    name = sql.make_index_name("res_partner", "phone_sanitized")
    sql.drop_index(env.cr, name, "res_partner")
    release_activities(env)
    forget_inherited_choices(env)
    forget_inheritance(env)


def delete_jobs(env, model_names, methods=None):
    """Delete the jobs of some models, whatever their state.

    A job of a model or a method that is gone fails every minute for ever.

    :param methods: names of methods; None means all
    """
    env.cr.execute(
        "DELETE FROM queue_job WHERE model_name = ANY(%s)"
        " AND (%s OR method_name = ANY(%s))",
        [list(model_names), methods is None, list(methods or [])],
    )


def release_activities(env):
    """Make our activities to-dos, done ones too: core forgets them, and fails."""
    names = ("sms_base_sr.mail_activity_type_reply", ATTENTION)
    ours = [env.ref(name, raise_if_not_found=False) for name in names]
    todo = env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
    # What calls for attention hangs on records that go with us.
    env.cr.execute(
        "DELETE FROM mail_activity WHERE activity_type_id = ANY(%s) AND res_model"
        " = ANY(%s)",
        [[kind.id for kind in ours if kind], ALERT_MODELS],
    )
    # SQL: the customers wait on, and nobody is to be notified.
    env.cr.execute(
        "UPDATE mail_activity SET activity_type_id = %s"
        " WHERE activity_type_id = ANY(%s)",
        [todo.id if todo else None, [kind.id for kind in ours if kind]],
    )
    env["mail.activity"].invalidate_model()


def forget_inherited_choices(env):
    """Choices of fields that our models have from *mail* are named as *mail*'s.

    Core deletes the choices with our models, and leaves their names.
    """
    env.cr.execute(
        """
        DELETE FROM ir_model_data
        WHERE module = 'mail' AND model = 'ir.model.fields.selection' AND res_id IN (
            SELECT s.id FROM ir_model_fields_selection s
            JOIN ir_model_fields f ON f.id = s.field_id WHERE f.model = ANY(%s))
        """,
        [[*ALERT_MODELS, "sms.alert.mixin"]],
    )


def forget_inheritance(env):
    """Names that other addons gave to what our models inherit by them.

    The calendar extends the mixin of activities: Odoo notes that of each model of
    ours in the calendar's name, and leaves the note behind.
    """
    ours = [
        name
        for name, model in env.registry.items()
        if model._original_module == "sms_base_sr"
    ]
    env.cr.execute(
        """
        DELETE FROM ir_model_data d USING ir_model_inherit i, ir_model m
        WHERE d.model = 'ir.model.inherit' AND d.module != 'sms_base_sr'
          AND i.id = d.res_id AND m.id = i.model_id AND m.model = ANY(%s)
        """,
        [ours],
    )
