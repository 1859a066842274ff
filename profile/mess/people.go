package mess

import (
	"strings"
	"sync"

	"github.com/brianvoe/gofakeit/v7/data"
)

// The public lists of names: made up people are put together from them, and names are recognised by them. They are of
// ASCII letters and three letters or longer, so that a name can be part of an e-mail address.
type nameLists struct {
	given, family     []string // title case; no name is in both
	isGiven, isFamily map[string]bool
	cities            []string
	isCity            map[string]bool
}

// names returns the lists, which are made when they are first asked for: most runs of the program need none.
var names = sync.OnceValue(func() *nameLists {
	n := &nameLists{isGiven: map[string]bool{}, isFamily: map[string]bool{}, isCity: map[string]bool{}}
	for _, s := range data.Person["first"] {
		if fold := strings.ToLower(s); isNameWord(s) && !n.isGiven[fold] {
			n.given, n.isGiven[fold] = append(n.given, s), true
		}
	}
	for _, s := range append(data.Person["last"], commonFamilies...) {
		if fold := strings.ToLower(s); isNameWord(s) && !n.isGiven[fold] && !n.isFamily[fold] {
			n.family, n.isFamily[fold] = append(n.family, s), true
		}
	}
	for _, s := range append(data.Address["city"], worldCities...) {
		if fold := strings.ToLower(s); isCityName(s) && !n.isCity[fold] {
			n.cities, n.isCity[fold] = append(n.cities, s), true
		}
	}
	return n
})

// commonFamilies are family names that the library's list, which is of made-up people, lacks.
var commonFamilies = strings.Fields(`Smith Johnson Williams Brown Jones Miller Davis Garcia Rodriguez Wilson Martinez Anderson Taylor Hernandez
	Moore Martin Jackson Thompson White Lopez Lee Gonzalez Harris Clark Lewis Robinson Walker Perez Hall Young Allen Sanchez Wright King Scott
	Green Baker Adams Nelson Hill Ramirez Campbell Mitchell Roberts Carter Phillips Evans Turner Torres Parker Collins Edwards Stewart Flores Morris
	Nguyen Murphy Rivera Cook Rogers Morgan Peterson Cooper Reed Bailey Bell Gomez Kelly Howard Ward Cox Diaz Richardson Wood Watson Brooks Bennett
	Gray Hughes Price Myers Long Foster Sanders Ross Morales Powell Sullivan Russell Ortiz Jenkins Gutierrez Perry Butler Barnes Fisher Henderson
	Coleman Simmons Patterson Reynolds Hamilton Graham Kim Gonzales Alexander Ramos Wallace Griffin West Cole Hayes Chavez Gibson Bryant Ellis Stevens
	Murray Ford Marshall Owens McDonald Harrison Ruiz Kennedy Wells Alvarez Woods Mendoza Castillo Olson Webb Washington Tucker Freeman Burns Henry
	Vasquez Snyder Simpson Crawford Jimenez Porter Mason Shaw Gordon Wagner Hunter Romero Hicks Dixon Hunt Palmer Robertson Black Holmes Stone Meyer
	Boyd Mills Warren Fox Rose Rice Moreno Schmidt Patel Ferguson Nichols Herrera Medina Ryan Fernandez Weaver Daniels Stephens Gardner Payne Kelley
	Dunn Pierce Arnold Tran Spencer Peters Hawkins Grant Hansen Castro Hoffman Hart Elliott Cunningham Knight Bradley Mueller Schneider Fischer Weber
	Becker Schulz Koch Bauer Richter Klein Wolf Neumann Schwarz Zimmermann Braun Hofmann Dubois Durand Leroy Moreau Laurent Lefebvre Fournier Rossi
	Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Silva Santos Ferreira Pereira Oliveira Costa Carvalho Almeida Singh Kumar
	Sharma Gupta Shah Khan Ali Ahmed Chen Wang Zhang Liu Yang Huang Zhao Zhou Sun Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura
	Kobayashi Kato Jansen Visser Bakker Smit Meijer Larsen Olsen Andersen Nielsen Jensen Pedersen Johansson Karlsson Nilsson Eriksson Larsson Kowalski
	Nowak Wisniewski Ivanov Petrov Smirnov Kuznetsov`)

// isNameWord reports whether a name is one word of ASCII letters, as it stands in lists.
func isNameWord(s string) bool {
	if len(s) < 3 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	return wordCase(s) == titleCase
}

// How the letters of a word are written.
const (
	otherCase = iota
	lowerCase
	upperCase
	titleCase // a capital, then a small letter at least, and maybe more capitals, as in McDonald
)

// wordCase returns how a word of ASCII letters is written, and otherCase when there is more than letters in it.
func wordCase(s string) int {
	lowers, uppers := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z':
			lowers++
		case c >= 'A' && c <= 'Z':
			uppers++
		default:
			return otherCase
		}
	}
	switch {
	case uppers == 0 && lowers > 0:
		return lowerCase
	case lowers == 0 && uppers > 0:
		return upperCase
	case uppers > 0 && s[0] <= 'Z' && uppers <= 2:
		return titleCase
	}
	return otherCase
}

// inCase writes a word in a case.
func inCase(s string, c int) string {
	switch {
	case c == lowerCase:
		return strings.ToLower(s)
	case c == upperCase:
		return strings.ToUpper(s)
	case c == titleCase && s != "":
		return strings.ToUpper(s[:1]) + strings.ToLower(s[1:])
	}
	return s
}

// pick draws an element.
func pick[T any](list []T, r *Rand) T { return list[r.Int(len(list))] }
