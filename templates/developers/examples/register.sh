curl -X POST "@portal@/api/register" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{
    "name": "Nouvelle Vague Studio",
    "firstName": "Marie",
    "lastName": "Martin",
    "email": "marie.martin@nouvelle-vague.example",
    "phone": "+33612345678",
    "maxResidentUsers": 4,
    "roomId": "@office@",
    "comments": "We would like to move in on the first of the month.",
    "dryRun": true
  }'
