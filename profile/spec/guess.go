package spec

import (
	"slices"
	"strings"
	"unicode"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// telling are phrases at the end of a column's name that tell the kind of what it holds, in the order in which they are
// tried: an e-mail address is no street address.
var telling = []struct {
	kind    mess.Kind
	like    string
	phrases [][]string
}{
	{mess.Email, "an e-mail address", phrases(`email, e mail, mail, email address, e mail address, mail address`)},
	{mess.IP, "a network address", phrases(`ip, ip address, ip addr, ipaddress`)},
	{mess.UserAgent, "a user agent", phrases(`user agent, useragent`)},
	{mess.UserName, "a user name", phrases(`username, user name, nickname, nick name, screen name, handle, login name`)},
	{mess.Phone, "a phone number", phrases(`phone, telephone, tel, mobile, cell, cellphone, fax, phone number, telephone number, mobile number, cell number, fax number, phone no, tel no`)},
	{mess.Card, "a card number", phrases(`card number, card no, cardnumber, credit card, creditcard, cc number, ccnumber, pan`)},
	{mess.IBAN, "an account number", phrases(`iban`)},
	{mess.NationalID, "a national id", phrases(`ssn, social security number, sin, nin, nino, national id, nationalid, cpf, pesel, dni, aadhaar`)},
	{mess.PostalCode, "a postal code", phrases(`zip, zipcode, zip code, postcode, post code, postal code, postalcode, plz`)},
	{mess.Name, "a person's name", phrases(`first name, firstname, given name, givenname, forename, last name, lastname, surname, family name, familyname, full name, fullname,
		middle name, maiden name, person name, customer name, patient name, employee name`)},
	{mess.Address, "a street address", phrases(`address, addr, street address, streetaddress, address line`)},
	{mess.URL, "a page's address", phrases(`url, uri, website, web site, homepage, web page`)},
	{mess.City, "a city", phrases(`city, town`)},
	{mess.Geo, "a pair of coordinates", phrases(`latlon, latlng, lat lon, lat lng, lat long, latitude longitude, coordinates, geolocation, geo point, geopoint`)},
	{mess.Decimal, "a coordinate", phrases(`lat, latitude, lon, lng, longitude`)},
}

func phrases(list string) [][]string {
	var out [][]string
	for p := range strings.SplitSeq(list, ",") {
		out = append(out, strings.Fields(p))
	}
	return out
}

// A guess is what a column's name says of its cells.
type guess struct {
	kind    mess.Kind // "" for nothing
	like    string    // what it looks like
	release bool      // frequent cells may be released as they are
}

// guessKind guesses from a column's name what it holds, and whether its literals should stay in the vault. Dates, truth
// values and fractions are left to their types; whole numbers have no form of their own that could be read.
func guessKind(c record.Column) guess {
	implied, known := KindOf(c.Type)
	if c.Type == record.ListType || c.Type == record.MapType {
		return guess{} // a length
	}
	if known && implied != mess.Integer && implied != mess.TextKind {
		return guess{}
	}
	words := nameWords(c.Name)
	if !known {
		if g := guessTelling(words); g.kind != "" {
			return g
		}
	}
	return guessMasked(words)
}

// guessTelling looks for a telling phrase at the end of a name.
func guessTelling(words []string) guess {
	for _, t := range telling {
		for _, p := range t.phrases {
			if at := len(words) - len(p); at >= 0 && slices.Equal(words[at:], p) {
				return guess{t.kind, t.like, t.kind == mess.City || t.kind == mess.Decimal}
			}
		}
	}
	return guess{}
}

// personal are words in names of columns that tend to hold personal data in free form.
var personal = words(`email mail phone telephone tel mobile cell fax name firstname lastname forename surname givenname familyname
	fullname username nickname maiden contact person address addr street ssn sin nin passport licence license iban bic card pan cvv ip
	dob birthname signature`)

// identifying are words in names of columns that tend to hold identifiers.
var identifying = words(`id ids uuid guid identifier identifiers key token hash hashes cookie session imei vin mrn serial`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// guessMasked looks for words of columns that should be known by their shapes only.
func guessMasked(words []string) (g guess) {
	for _, w := range words {
		switch {
		case personal[w]:
			return guess{kind: mess.TextKind, like: "personal data"}
		case identifying[w]:
			g = guess{kind: mess.ID, like: "an identifier"}
		}
	}
	return g
}

// nameWords splits a column's name into lower-case words: at everything but letters, and where case changes.
func nameWords(name string) []string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		if !unicode.IsLetter(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
		last = r
	}
	return strings.Fields(b.String())
}
