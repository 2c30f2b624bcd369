"""Take back what tokens may still do by a role that their owner lost before roles took that along.

Told from the history: what a token could do when its owner was last no longer an app-admin. What
staff have granted since then stays.
Source: public-api, section 1, Scopes; safety, S-09.
"""

from django.db import migrations

END = """
WITH demoted AS (
    SELECT owner_id, max(at) AS at
      FROM (SELECT pgh_obj_id AS owner_id, pgh_created_at AS at, api_role,
                   lag(api_role) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS role_before
              FROM organizations_userevent) AS told
     WHERE role_before = 'app-admin' AND api_role <> 'app-admin'
     GROUP BY owner_id
),
kept AS (
    SELECT token.id, (
               SELECT event.scopes FROM apitokens_apitokenevent event
                WHERE event.pgh_obj_id = token.id AND event.pgh_created_at <= demoted.at
                ORDER BY event.pgh_id DESC LIMIT 1
           ) AS scopes
      FROM apitokens_apitoken token
      JOIN demoted USING (owner_id)
      JOIN organizations_user owner ON owner.id = owner_id AND owner.api_role <> 'app-admin'
)
UPDATE apitokens_apitoken token
   SET scopes = ARRAY(
           SELECT one FROM unnest(token.scopes) WITH ORDINALITY AS had (one, place)
            WHERE one NOT IN ('contracts:write', 'workplace:admin', 'people:forecast')
               OR one <> ALL (kept.scopes)
            ORDER BY place)
  FROM kept
 WHERE kept.id = token.id AND token.scopes && kept.scopes
   AND kept.scopes && ARRAY['contracts:write', 'workplace:admin', 'people:forecast']::varchar[]
"""


class Migration(migrations.Migration):
    dependencies = [
        ("apitokens", "0014_scopes_end_with_the_role"),
    ]

    operations = [migrations.RunSQL(END, migrations.RunSQL.noop, elidable=True)]
