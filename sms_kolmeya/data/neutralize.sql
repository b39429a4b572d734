-- The account's token: without it a copy of the database cannot send.
UPDATE sms_provider
   SET kolmeya_api_token_sealed = NULL;

UPDATE ir_config_parameter
   SET value = ''
 WHERE key = 'kolmeya.webhook.jwt_secret';
