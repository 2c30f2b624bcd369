"""A trigger that takes back what tokens may do only by their owner's role, once the role is another.

Staff may grant it anew. It stands in the database so that bulk files and raw SQL are covered too.
Source: public-api, section 1, Scopes; safety, S-09.
"""

from django.db import migrations

END = """
CREATE FUNCTION end_scopes_of_role() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_role CONSTANT varchar[] := ARRAY['contracts:write', 'workplace:admin', 'people:forecast'];
BEGIN
    UPDATE apitokens_apitoken
       SET scopes = ARRAY(SELECT one FROM unnest(scopes) WITH ORDINALITY AS kept (one, place)
                           WHERE one <> ALL (of_role) ORDER BY place)
     WHERE owner_id = NEW.id AND scopes && of_role;
    RETURN NULL;
END $$;
CREATE TRIGGER end_scopes_of_role AFTER UPDATE OF api_role ON organizations_user
    FOR EACH ROW WHEN (OLD.api_role = 'app-admin' AND NEW.api_role <> 'app-admin')
    EXECUTE FUNCTION end_scopes_of_role();
"""
STAY = """
DROP TRIGGER end_scopes_of_role ON organizations_user;
DROP FUNCTION end_scopes_of_role();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("apitokens", "0013_fewer_indexes"),
        ("organizations", "0012_fewer_indexes"),
    ]

    operations = [migrations.RunSQL(END, STAY)]
