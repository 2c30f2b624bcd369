"""The fault suite (`make test-faults`): servers and processes are stopped, killed and frozen. Source: safety.

It leaves out what the ordinary run already tests. Each fault and its tests:

F-01  the database restarts under load       test_database
F-02  the database is away, or keeps silent  test_database; tests/config/test_outage, test_health
F-03  a lock is held                         test_database; tests/contention/test_duplicates
F-04  deadlocks                              test_database; tests/contention/test_one_slot, test_series;
                                             tests/booking/domain/test_meeting_requests (three in a row)
F-05  the broker is away                     test_broker; tests/config/test_background;
                                             tests/booking/api/test_meeting_request_failures
F-06  the broker forgets everything          test_broker
F-07  a worker is killed                     test_worker; test_killed_webhook_worker,
                                             test_killed_workplace_worker
F-08  a worker is asked to stop              test_worker
F-09  a task comes often                     test_broker; tests/contention/test_duplicates
F-10  a web process is killed                test_web_server; tests/contention/test_one_key;
                                             tests/system/test_run (the whole server)
F-11  the mail server fails                  test_mail_server; tests/organizations/domain/test_outbox
F-15  company registers fail                 tests/organizations/registers/test_clients, test_strange_answers;
                                             tests/organizations/domain/test_identity_checks,
                                             test_register_breakers, test_company_checks;
                                             tests/booking/api/test_register_company_check
F-16  nights of a clock change               tests/sites_app/domain/test_opening_hours (gap and fold);
                                             tests/booking/domain/test_availability (46, 48, 50 half hours);
                                             tests/booking/api/test_meeting_request (refused, first of two);
                                             tests/booking/domain/test_ics (times in UTC), test_rules,
                                             test_limits; tests/booking/api/test_meeting_series
F-17  clocks jump, years end, leap days      test_clocks; tests/config/test_steady_scheduler,
                                             tests/contracts/domain/test_months
F-18  two schedulers                         test_worker; tests/contention/test_duplicates
F-24  work that always fails                 test_worker; tests/booking/domain/test_poison;
                                             tests/organizations/domain/test_outbox;
                                             tests/organizations/test_admin;
                                             tests/apitokens/domain/test_webhook_retries;
                                             tests/contracts/domain/test_statements, test_renewals
"""
