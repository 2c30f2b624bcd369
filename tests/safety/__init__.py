"""What attackers try. Each requirement of the design's safety table and its tests, below `tests`:

S-01  apitokens/domain/test_tokens, apitokens/test_authentication
S-02  safety/test_secrets_at_rest, apitokens/pages/test_developer, apitokens/test_admin
S-03  safety/test_tokens, apitokens/domain/test_tokens
S-04  safety/test_tokens, apitokens/test_admin
S-05  safety/test_tokens, safety/test_hostile_requests, config/test_logs
S-06  apitokens/test_authentication (one query by hash, the same for known and unknown)
S-07  apitokens/test_authentication, apitokens/api/test_usage
S-08  contention/test_one_key, apitokens/domain/test_quotas, faults/test_clocks
S-09  apitokens/pages/test_developer, apitokens/test_admin
S-10  safety/test_permissions
S-11  apitokens/api/test_user_info, test_changes, test_webhooks; booking/api/test_meeting,
      test_meeting_cancel, test_meeting_change, test_meeting_series, test_waitlist;
      contracts/api/test_organization_info
S-12  contracts/api/test_merge_contract, contention/test_one_tenant
S-13  safety/test_permissions, booking/api/test_rooms, test_sites, test_icsfeed
S-14  safety/test_markup (the rule), the tests of S-11 (what it is for)
S-15  config/test_ids
S-16  safety/test_bookings_in_anothers_name, booking/pages/test_booking
S-17  booking/api/test_icsfeed
S-18  sites_app/api/test_pictures
S-20  organizations/pages/test_login, booking/pages/test_registering, test_verifying, test_waiting
S-21  safety/test_log_in, organizations/pages/test_login, booking/pages/test_registering
S-22  apitokens/domain/test_enquiries, test_abuse_limits
S-23  organizations/pages/test_login
S-24  safety/test_log_in, organizations/pages/test_login
S-25  organizations/pages/test_login
S-26  organizations/pages/test_login, safety/test_permissions
S-27  booking/pages/test_verifying, safety/test_secrets_at_rest
S-28  safety/test_log_in, booking/pages/test_verifying, organizations/domain/test_admins; the memory of
      20 log-ins at once: load/logins (a web process of 4 threads grew by 80 to 101 MB, to 200 MB)
S-29  organizations/pages/test_login
S-30  safety/test_hostile_requests, test_nul_and_extremes, system/test_schema
S-31  booking/domain/test_ics
S-32  booking/domain/test_ics, test_series_mails, booking/api/test_icsfeed, test_meeting_change,
      test_meeting_cancel, booking/pages/test_calendar_links; organizations/domain/test_mail_messages
S-33  safety/test_markup (there is no such export)
S-34  organizations/domain/test_mail_messages, booking/pages/test_registering
S-35  safety/test_markup, config/test_components
S-36  organizations/domain/test_document_links, contracts/api/test_merge_contract, safety/test_markup
S-40  config/test_outbound, apitokens/api/test_webhooks, apitokens/domain/test_webhook_sending
S-41  apitokens/domain/test_webhook_sending, test_webhook_retries, faults/test_killed_webhook_worker
S-42  config/test_outbound, apitokens/domain/test_webhook_sending
S-60  apitokens/test_idempotency, contention/test_one_key, faults/test_web_server
S-61  booking/domain/test_rules, booking/api/test_meeting_request, safety/test_hostile_requests
S-62  safety/test_bookings_in_anothers_name, booking/domain/test_holds, apitokens/domain/test_abuse_limits
S-72  booking/domain/test_retention, organizations/domain/test_retention
"""
