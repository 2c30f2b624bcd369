"""Where companies are looked up; a register with a blank value is off.

Source: README, "Configuration".
"""

import environ

env = environ.Env()

COMPANY_REGISTERS_ON = env.str("COMPANY_REGISTERS", default="on") != "off"
COMPANY_REGISTERS = {
    "sirene": {
        "url": env.str("INSEE_URL", default="https://api.insee.fr/api-sirene/3.11"),
        "key": env.str("INSEE_API_KEY", default=""),
    },
    "recherche": {
        "url": env.str(
            "RECHERCHE_ENTREPRISES_URL", default="https://recherche-entreprises.api.gouv.fr"
        ),
    },
    "kbo": {
        "url": env.str(
            "KBO_URL",
            default="https://kbopub.economie.fgov.be/kbopubws180000/services/wsKBOPub",
        ),
        "user": env.str("KBO_USER", default=""),
        "password": env.str("KBO_PASSWORD", default=""),
    },
    "cbeapi": {
        "url": env.str("CBEAPI_URL", default="https://cbeapi.be/api/v1"),
        "key": env.str("CBEAPI_KEY", default=""),
    },
    "vies": {
        "url": env.str("VIES_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api"),
    },
}
COMPANY_REGISTER_CALLS_AT_ONCE = env.int("COMPANY_REGISTER_CALLS_AT_ONCE", default=4)
