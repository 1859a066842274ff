package mess

import (
	"slices"
	"strings"
	"sync"

	"github.com/brianvoe/gofakeit/v7/data"
)

// isPersonName reports whether a text is likely to be the name of a person: two to four words, one of them a given
// name of the public list, and none a common word that is not a name too. Lower-case words must both be in the lists. Names of
// states, countries, cities and companies that lists have are none.
func isPersonName(s string) bool {
	words, _, ok := nameWords(s)
	if !ok || len(words) < 2 {
		return false
	}
	given, plain, small := 0, 0, 0
	for _, w := range words {
		if w.text == "" {
			continue
		}
		if placeWords[w.text] {
			return false
		}
		in := ""
		for part := range strings.SplitSeq(w.text, "-") {
			if in = listed(part); in != "" {
				break
			}
		}
		switch {
		case in == keyGiven:
			given++
		case in == "" && (commonWords()[w.text] || commonWords()[strings.TrimSuffix(w.text, "s")]):
			return false
		case in == "" && w.style == lowerCase:
			small++
		}
		plain++
	}
	if given == 0 || small > 0 || plain > 4 || plain < 2 && words[0].text != "" {
		return false
	}
	return !publicPhrases()[foldPhrase(s)] && !isPlace(s)
}

// isPlace reports whether a text ends in a state or a country, after a comma, or in the abbreviation of a state.
func isPlace(s string) bool {
	if at := strings.LastIndex(s, ", "); at >= 0 && publicPhrases()[foldPhrase(s[at+2:])] {
		return true
	}
	last := s[strings.LastIndexByte(s, ' ')+1:]
	return len(last) == 2 && slices.Contains(data.Address["state_abr"], last)
}

// placeWords are never part of a name, although lists have some of them.
var placeWords = wordSet(`river forest ridge hills beach creek lake valley island islands bay springs falls county prince princess royal heights rapids oaks
	elementary brewery brewing industries inds ind bv ymca`)

// foldPhrase folds a text for the look-up of phrases.
func foldPhrase(s string) string { return strings.ToLower(strings.ReplaceAll(s, "-", " ")) }

// publicPhrases are the names of places and companies in public lists.
var publicPhrases = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, list := range [][]string{data.Address["state"], data.Address["country"], data.Company["name"], data.Car["maker"], names().cities, publicNames} {
		for _, s := range list {
			set[foldPhrase(s)] = true
		}
	}
	return set
})

// publicNames are what looks like the name of a person and is of a place or a company.
var publicNames = []string{
	"Mercedes Benz", "San Jose", "Santa Monica", "Santa Barbara", "Santa Clara", "Saint Martin", "Fort Lauderdale", "Prince William", "Prince Edward",
	"Charles Schwab", "Morgan Stanley", "Goldman Sachs", "Wells Fargo", "Warner Brothers", "Walt Disney", "Marks Spencer", "Ernst Young", "Booz Allen",
	"Rolls Royce", "Harley Davidson", "Tommy Hilfiger", "Ralph Lauren", "Calvin Klein", "Giorgio Armani", "Louis Vuitton", "Jack Daniels", "Johnny Walker",
}

// commonWords are words of the language and of labels, with which no name of a person is made.
var commonWords = sync.OnceValue(func() map[string]bool {
	set := wordSet(labelWords)
	for _, list := range data.Word {
		for _, s := range list {
			if wordCase(s) == lowerCase && len(s) > 1 {
				set[s] = true
			}
		}
	}
	return set
})

// labelWords are common in names of places, organisations, products and categories.
const labelWords = `new old north south east west northern southern eastern western central upper lower great big little city town county state province
	district region republic kingdom island islands isle lake river mountain mount valley beach bay cape port fort falls springs hills heights park garden
	gardens forest street road avenue square bridge saint san santa st los las el la
	inc incorporated corp corporation company co llc ltd limited plc gmbh ag sa group holdings partners associates brothers bros sons bank trust fund
	capital insurance university college school academy institute hospital clinic church museum library center centre association society foundation club
	team league union council committee board office department ministry agency bureau service services system systems solutions technologies technology
	software electronics motors energy power steel oil gas foods food restaurant cafe coffee pizza grill bar kitchen bakery market store shop mart pharmacy hotel
	prize award medal cup day week month year season series edition volume issue chapter part book story stories game games comics film movie movies music
	radio television news times post press media studios pictures records productions entertainment design art arts science sciences research engineering
	management manager director president officer engineer analyst assistant specialist coordinator supervisor technician nurse teacher professor doctor
	sales marketing finance accounting human resources operations support customer general national international global american british french german
	red blue green white black brown gray grey yellow orange purple pink gold silver light dark hair eyes
	male female man woman men women boy girl child children adult person people family single married divorced widowed separated
	good bad neutral public private secret high low medium large small open closed active inactive pending approved rejected complete completed failed
	one two three four five six seven eight nine ten first second third fourth monday tuesday wednesday thursday friday saturday sunday
	january february march april june july august september october november december spring summer autumn fall winter
	and or of the for with without in on at by from to not no yes all any other unknown none
	theatre theatres therapeutics laboratory laboratories registry ale ipa lager stout amber porter academy acad governorate dean
	prime model type class grade level plus pro max mini ultra standard basic premium deluxe classic original special limited home house apartment`
