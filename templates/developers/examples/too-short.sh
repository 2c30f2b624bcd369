curl -X POST "@portal@/api/meeting-request" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"contactEmail": "jean.dupont@acme.com", "bookedRoom": "@room@",
       "bookedAt": "@day@T03:00:00", "duration": 60}'
