curl -X POST "@portal@/api/check-email" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"email": "jean.dupont@acme.com"}'
