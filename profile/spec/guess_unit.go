package spec

import (
	"slices"
	"strings"
)

// subjects are whom records are about, people or what stands for them: a household, an account, the device in somebody's pocket.
// A session is none of them: somebody has many, so protecting one of them protects nobody.
var subjects = words(`customer client consumer buyer user member person individual people patient subscriber account accountholder employee
	staff worker student pupil citizen resident household family visitor player driver rider passenger traveller traveler guest donor
	voter applicant borrower beneficiary claimant insured policyholder cardholder participant respondent subject panelist follower
	device handset lead caller author reviewer contributor owner`)

// designators make the word before them a number of it.
var designators = words(`id identifier uid uuid guid no nr number key code ref reference`)

// alone are names of columns that hold who somebody is without saying that it is an id.
var alone = words(`customer client user member patient subscriber uid msisdn imsi imei idfa gaid username ssn`)

// LooksLikeUnit reports whether a column's name says that its cells tell whose a record is: customer_id, userId, PATIENT_NO. It knows
// the name only. Ids of other things (order_id, product_id, session_id), a bare id, and what is said about somebody (customer_type,
// client_ip, user_ids for a list) are none.
func LooksLikeUnit(name string) bool {
	words := nameWords(name)
	switch len(words) {
	case 0:
		return false
	case 1:
		return alone[words[0]] || joined(words[0])
	}
	before, last := words[len(words)-2], words[len(words)-1]
	return designators[last] && subjects[before] || joined(last) || slices.Equal(words[len(words)-2:], []string{"user", "name"})
}

// joined reports whether a word is a subject and a designator with nothing between them, such as userid.
func joined(word string) bool {
	for d := range designators {
		if subject, ok := strings.CutSuffix(word, d); ok && subjects[subject] {
			return true
		}
	}
	return false
}
