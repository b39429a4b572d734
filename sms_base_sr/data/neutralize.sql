-- A copy of the database sends nothing, receives nothing and knows no secret.
UPDATE sms_provider
   SET active = false,
       webhook_secret_sealed = NULL,
       webhook_hash = NULL,
       webhook_former_hash = NULL,
       jwt_former = NULL,
       jwt_secret_sealed = NULL,
       webhook_base_url = NULL;

UPDATE ir_config_parameter
   SET value = ''
 WHERE key = 'sms.webhook.jwt_secret';
