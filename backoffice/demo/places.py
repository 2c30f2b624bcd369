"""Where the demo operator has its sites. All of it is invented but the streets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    country: str
    time_zone: str
    city: str
    postal_code: str
    address: str
    latitude: str
    longitude: str
    phone: str
    description: str
    description_fr: str


_PARIS, _BRUSSELS, _DUBLIN = "Europe/Paris", "Europe/Brussels", "Europe/Dublin"

PLACES = (
    Place(
        "Workways Opéra",
        "FR",
        _PARIS,
        "Paris",
        "75009",
        "24 rue de la Chaussée d'Antin",
        "48.873100",
        "2.333000",
        "+33155000101",
        "A bright former bank hall two minutes from the Opéra, with a roof terrace, a quiet library floor and barista coffee from eight.",
        "Une ancienne salle des guichets baignée de lumière, à deux minutes de l’Opéra : toit-terrasse, étage bibliothèque au calme et café de barista dès huit heures.",
    ),
    Place(
        "Workways Part-Dieu",
        "FR",
        _PARIS,
        "Lyon",
        "69003",
        "110 rue Garibaldi",
        "45.757300",
        "4.853500",
        "+33472000102",
        "Next to the station: arrive by train, meet, and be back for dinner. Large rooms, step-free access, bicycle garage.",
        "À côté de la gare : arriver en train, se réunir et rentrer pour le dîner. Grandes salles, accès de plain-pied, garage à vélos.",
    ),
    Place(
        "Workways Sablon",
        "BE",
        _BRUSSELS,
        "Brussels",
        "1000",
        "8 rue de la Régence",
        "50.841000",
        "4.357000",
        "+3225000103",
        "A town house on the Sablon with a garden, vaulted meeting cellar and offices under the roof.",
        "Une maison de maître au Sablon, avec un jardin, une cave voûtée pour se réunir et des bureaux sous les toits.",
    ),
    Place(
        "Workways Docklands",
        "IE",
        _DUBLIN,
        "Dublin",
        "D02 X285",
        "31 Sir John Rogerson's Quay",
        "53.345200",
        "-6.240500",
        "+35315000104",
        "On the Liffey, all glass and light, with phone booths on every floor and showers for those who run to work.",
        "Au bord de la Liffey, tout en verre et en lumière, avec des cabines téléphoniques à chaque étage et des douches pour qui vient en courant.",
    ),
    Place(
        "Workways Vieux-Lille",
        "FR",
        _PARIS,
        "Lille",
        "59000",
        "42 rue de la Monnaie",
        "50.640800",
        "3.062700",
        "+33320000105",
        "Brick, beams and fast fibre in the old town; the market hall is around the corner.",
        "Brique, poutres et fibre rapide dans la vieille ville ; les halles sont au coin de la rue.",
    ),
    Place(
        "Workways Île de Nantes",
        "FR",
        _PARIS,
        "Nantes",
        "44200",
        "15 rue La Noue Bras de Fer",
        "47.204700",
        "-1.562900",
        "+33240000106",
        "In a converted shipyard hall: high ceilings, workshop rooms and a canteen with a view of the cranes.",
        "Dans une halle de chantier naval reconvertie : hauts plafonds, salles d’atelier et une cantine avec vue sur les grues.",
    ),
    Place(
        "Workways Chartrons",
        "FR",
        _PARIS,
        "Bordeaux",
        "33000",
        "67 quai des Chartrons",
        "44.853800",
        "-0.568600",
        "+33556000107",
        "A wine merchant's house by the river, with a courtyard for summer meetings.",
        "Une maison de négociant en vin au bord du fleuve, avec une cour pour les réunions d’été.",
    ),
    Place(
        "Workways Eilandje",
        "BE",
        _BRUSSELS,
        "Antwerp",
        "2000",
        "12 Napoleonkaai",
        "51.230100",
        "4.407500",
        "+3232000108",
        "Between the docks and the museum; wide rooms that turn from boardroom to workshop in ten minutes.",
        "Entre les bassins et le musée ; de vastes salles qui passent du conseil à l’atelier en dix minutes.",
    ),
    Place(
        "Workways South Mall",
        "IE",
        _DUBLIN,
        "Cork",
        "T12 R2X3",
        "54 South Mall",
        "51.896500",
        "-8.470200",
        "+35321000109",
        "A Georgian front, a modern inside, and the friendliest reception in Munster.",
        "Une façade géorgienne, un intérieur moderne et l’accueil le plus chaleureux du Munster.",
    ),
    Place(
        "Workways Vieux-Port",
        "FR",
        _PARIS,
        "Marseille",
        "13001",
        "5 rue de la République",
        "43.297600",
        "5.372600",
        "+33491000110",
        "Sun until six, a breeze from the harbour and a projector room for forty.",
        "Du soleil jusqu’à six heures, la brise du port et une salle de projection pour quarante personnes.",
    ),
    Place(
        "Workways Capitole",
        "FR",
        _PARIS,
        "Toulouse",
        "31000",
        "18 rue d'Alsace-Lorraine",
        "43.604000",
        "1.446500",
        "+33561000111",
        "Pink brick outside, calm inside; engineers meet here between two launches.",
        "Brique rose dehors, calme dedans ; les ingénieurs s’y réunissent entre deux lancements.",
    ),
    Place(
        "Workways Graslei",
        "BE",
        _BRUSSELS,
        "Ghent",
        "9000",
        "9 Korenlei",
        "51.054600",
        "3.720100",
        "+3292000112",
        "A guild house by the water with three quiet floors and one lively bar.",
        "Une maison de corporation au bord de l’eau, avec trois étages calmes et un bar animé.",
    ),
)
