curl -X POST "@portal@/api/meeting-request" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -H "Idempotency-Key: order-4711-meeting" \
  -d '{
    "contactEmail": "jean.dupont@acme.com",
    "contactName": "Jean Dupont",
    "bookedRoom": "@room@",
    "bookedAt": "@day@T10:00:00",
    "duration": 60,
    "bookedUser": 4,
    "name": "Quarterly review"
  }'
