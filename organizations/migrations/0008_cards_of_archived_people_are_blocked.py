"""Block the cards of people who were archived before archiving did that by itself.

They remember what they were, as if archived now, so that unarchiving gives them back.
"""

from django.db import migrations

BLOCK = """
UPDATE organizations_accesscard card SET blocked_from = card.status, status = 'blocked'
  FROM organizations_user holder
  LEFT JOIN organizations_organization company ON company.id = holder.organization_id
 WHERE holder.id = card.holder_id AND card.status IN ('ordered', 'active')
   AND (holder.is_archived OR coalesce(company.is_archived, false))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0007_columns_have_names'),
    ]

    operations = [
        migrations.RunSQL(BLOCK, migrations.RunSQL.noop, elidable=True),
    ]
