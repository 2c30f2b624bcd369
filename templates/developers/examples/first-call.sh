curl "@portal@/api/countries"
