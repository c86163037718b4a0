"""What is broken, by the many ways there are to say it."""

import pytest

from bot.nlu.entities.faults import find_faults
from bot.nlu.entities.heard import heard

SAID = {
    "leak": [
        "se está saliendo el agua por la banqueta",
        "sale mucha agua del piso frente a mi casa",
        "se reventó una manguera del medidor",
        "hay agua brotando en el camellón",
        "un charco enorme que no se seca",
        "hay un bote de agua en la calle, se bota el agua",
        "tenemos un géiser en la calle",
        "está chorreando el tubo principal",
        "se filtra agua hacia mi cochera desde la calle",
        "fuga d agua",
        "se rompió la tubería",
        "sale agua por debajo del asfalto",
        "están perdiendo agua en el parque, hay una tubería rota",
        "se abrió el tubo y no para de salir agua",
    ],
    "no_water": [
        "no nos cae agua desde antier",
        "llevo 3 días sin una gota",
        "no sale nada de la llave",
        "puro aire sale",
        "no ha caído agua",
        "se fue el agua",
        "cortaron el agua en mi casa y ya pagué",
        "sin agua en casa",
        "no hay ni para el baño",
        "no entra agua a la cisterna",
        "amanecimos sin agua",
        "we have no water",
        "me cerraron la llave del agua",
        "no viene el agua",
        "no está llegando agua",
    ],
    "low_pressure": [
        "llega muy poquita",
        "casi no tiene fuerza el agua",
        "la presión está bajísima",
        "no sube al segundo piso",
        "cae gotita por gotita",
        "sale un hilito",
        "apenas y gotea la llave de lo poquito que llega",
        "le falta fuerza al agua",
        "llega con poca fuerza",
        "tarda horas en llenarse el tinaco",
        "llega bien leve",
    ],
    "sewer": [
        "se tapó el drenaje",
        "huele horrible el drenaje",
        "el registro de la calle está desbordado",
        "se salen las aguas sucias por la calle",
        "el excusado se regresa",
        "tubo de desagüe roto",
        "se inunda la calle porque la alcantarilla está tapada",
        "clogged sewer",
        "falta la tapa de la coladera",
        "peste a cañería",
    ],
    "water_quality": [
        "el agua sale sucia",
        "el agua viene con tierra",
        "agua amarillenta",
        "el agua trae arenita",
        "sale con un color raro",
        "sale blanca como leche",
        "the water is brown",
        "nos dio diarrea por el agua que sale bien cochina",
        "agua prieta sale de la llave",
        "el agua apesta",
    ],
    "meter": [
        "mi medidor no gira",
        "el medidor está descompuesto",
        "medidor atorado",
        "vidrio del medidor roto",
        "el medidor corre muy rápido",
        "no tengo medidor",
        "el medidor marca mal",
    ],
    "other": [
        "dejaron un hoyo abierto",
        "hay un hundimiento en la calle por las obras",
        "se están robando el agua",
        "dejaron el escombro tirado después de la reparación",
        "robo de agua",
        "rompieron el pavimento y se fueron",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_the_fault_is_heard(kind, text):
    assert [f.value for f in find_faults(heard(text))] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "quiero pagar mi recibo",
        "cuánto debo de agua",
        "gracias por el agua",
        "cambio de correo",
        "a qué hora abren",
        "mi contrato es el 455123",
    ],
)
def test_what_is_no_fault_is_not_heard_as_one(text):
    assert not list(find_faults(heard(text)))
