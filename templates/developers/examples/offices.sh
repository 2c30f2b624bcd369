curl "@portal@/api/rooms?type=publicOffice"
