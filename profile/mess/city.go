package mess

import "strings"

// cityGrammar reads names of cities from a public list. The generalisation is the city, in lower case; the form is the
// case, `City`, `CITY` or `city`. What is not in the list is text, and may be released as a category is.
type cityGrammar struct{}

// worldCities are large ones around the world; the library's are those of the United States.
var worldCities = strings.Split(strings.ReplaceAll(`London,Paris,Berlin,Madrid,Rome,Vienna,Amsterdam,Brussels,Lisbon,Dublin,Copenhagen,Stockholm,Oslo,Helsinki,Warsaw,Prague,Budapest,Athens,Zurich,Geneva,Basel,Bern,
Munich,Hamburg,Cologne,Frankfurt,Stuttgart,Leipzig,Dresden,Bremen,Hanover,Lyon,Marseille,Toulouse,Nice,Nantes,Bordeaux,Lille,Strasbourg,Milan,Turin,Naples,Florence,Venice,Bologna,Genoa,
Barcelona,Valencia,Seville,Bilbao,Malaga,Porto,Rotterdam,Utrecht,Antwerp,Ghent,Manchester,Liverpool,Leeds,Bristol,Sheffield,Edinburgh,Glasgow,Cardiff,Belfast,Nottingham,Leicester,Oxford,
Cambridge,Brighton,Gothenburg,Bergen,Aarhus,Krakow,Gdansk,Wroclaw,Brno,Bucharest,Sofia,Belgrade,Zagreb,Ljubljana,Bratislava,Vilnius,Riga,Tallinn,Kyiv,Minsk,Moscow,Saint Petersburg,Istanbul,
Ankara,Izmir,Tel Aviv,Jerusalem,Cairo,Casablanca,Tunis,Algiers,Lagos,Accra,Nairobi,Addis Ababa,Johannesburg,Cape Town,Durban,Dubai,Abu Dhabi,Riyadh,Doha,Kuwait City,Tehran,Baghdad,
Karachi,Lahore,Islamabad,Delhi,New Delhi,Mumbai,Bangalore,Chennai,Kolkata,Hyderabad,Pune,Ahmedabad,Dhaka,Colombo,Kathmandu,Bangkok,Hanoi,Jakarta,Manila,Kuala Lumpur,Hong Kong,
Taipei,Beijing,Shanghai,Guangzhou,Shenzhen,Chengdu,Wuhan,Tokyo,Osaka,Kyoto,Yokohama,Nagoya,Sapporo,Seoul,Busan,Sydney,Melbourne,Brisbane,Perth,Adelaide,Canberra,Auckland,Wellington,
Christchurch,Toronto,Montreal,Vancouver,Calgary,Ottawa,Edmonton,Winnipeg,Quebec City,Mexico City,Guadalajara,Monterrey,Havana,Bogota,Medellin,Lima,Quito,Caracas,Santiago,Buenos Aires,
Montevideo,Sao Paulo,Rio de Janeiro,Brasilia,Salvador,Recife,Fortaleza,New York,Washington,St Louis,Nashville,Louisville,Oklahoma City,Kansas City,Salt Lake City,Saint Paul,Richmond,Savannah,
Charleston,Knoxville,Providence,Hartford,New Haven,Worcester,Springfield,Rochester,Syracuse,Albany,Yonkers,Des Moines,Cedar Rapids,Little Rock,Shreveport,Huntsville,Tallahassee,Spokane,Tacoma,Boulder,
Santa Fe,Anchorage,Eugene,Salem,Provo,Burlington,Evanston,Naperville,Dayton,Akron,Ann Arbor,Grand Rapids,Green Bay,Sioux Falls,Fargo,Billings`, "\n", ""), ",")

const maxCity = 24 // bytes

// isCityName reports whether a name of the list is one that all cases can be told of.
func isCityName(s string) bool { return len(s) <= maxCity && !strings.ContainsAny(s, "/") }

func (cityGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < 4 || len(s) > maxCity || !isAlphanumeric(s[0]) {
		return "", "", false
	}
	fold := strings.ToLower(s)
	if !names().isCity[fold] {
		return "", "", false
	}
	switch s {
	case fold:
		return fold, "city", true
	case strings.ToUpper(s):
		return fold, "CITY", true
	case titleCity(fold):
		return fold, "City", true
	}
	return "", "", false
}

// titleCity writes each word with a capital, but for particles.
func titleCity(fold string) string {
	b := []byte(fold)
	for i := range b {
		if (i == 0 || b[i-1] == ' ' || b[i-1] == '-') && b[i] >= 'a' && b[i] <= 'z' && !strings.HasPrefix(fold[i:], "de ") {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

func (cityGrammar) plain(string) string { return "City" }

func (cityGrammar) likely(s string) bool {
	_, _, ok := cityGrammar{}.read(s)
	return ok
}

func (cityGrammar) write(key, form string, r *Rand) string {
	if key == "" {
		key = strings.ToLower(r.identity().City)
	}
	switch form {
	case "CITY":
		return strings.ToUpper(key)
	case "City":
		return titleCity(key)
	}
	return key
}
