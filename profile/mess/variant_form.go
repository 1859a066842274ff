package mess

import "strings"

// An op is one way in which a variant differs from its word; opNone is none.
type op uint8

const (
	opNone op = iota
	opLatin1
	opHTML
	opMojibake
	opMojibake2
	opBlank
	opWide
	opInvisible
	opNFD
	opLead
	opTrail
	opAround
	opDouble
	opJoin
	opSplit
	opTrim
	opNBSP
	opTab
	opLine
	opSpace
	opStop
	opEnd
	opQuote
	opHyphen
	opPunctLess
	opPunctMore
	opPunct
	opAccentLess
	opAccentMore
	opLower
	opUpper
	opTitle
	opSentence
	opCase
	opX
	opOCR
	opKey
	opSwap
	opDrop
	opDoubled
	opAdd
	opSub
	opTwo
	opAbbr
	opLong
	opInitials
	opCut
	opCount
)

// A layer is a group of ops that exclude each other. A variant's ops are of different layers, in this order.
type layer uint8

const (
	layerCode layer = iota
	layerSpace
	layerPunct
	layerAccent
	layerCase
	layerTypo
	layerShort
	layerCount
)

var layerNames = [layerCount]string{"code", "space", "punct", "accent", "case", "typo", "short"}

// An opSpec is an op's name in forms, and how it is made.
type opSpec struct {
	name  string
	layer layer
	share int // of the variants of its layer, and among all; for forms that leave it open
	make  func(s string, r *Rand) (string, bool)
}

// specs is the registry of ops. The shares of typos are those of Pollock & Zamora 1984 (omissions 34 %, insertions 27 %,
// substitutions 19 %, transpositions 13 %, the rest more than one error); the others are rough.
var specs [opCount]opSpec

// init because the table holds functions that draw, which refer to the table.
func init() {
	specs = [opCount]opSpec{
		opLatin1:     {"latin1", layerCode, 1, makeLatin1},
		opHTML:       {"html", layerCode, 2, makeHTML},
		opMojibake:   {"mojibake", layerCode, 4, makeMojibake},
		opMojibake2:  {"mojibake2", layerCode, 1, makeMojibake2},
		opBlank:      {"fffd", layerCode, 2, makeBlank},
		opWide:       {"wide", layerCode, 1, makeWide},
		opInvisible:  {"invisible", layerCode, 1, makeInvisible},
		opNFD:        {"nfd", layerCode, 1, makeNFD},
		opLead:       {"_x", layerSpace, 10, makeLead},
		opTrail:      {"x_", layerSpace, 20, makeTrail},
		opAround:     {"_x_", layerSpace, 1, makeAround},
		opDouble:     {"x__x", layerSpace, 5, makeDouble},
		opJoin:       {"xx", layerSpace, 4, makeJoin},
		opSplit:      {"x_x", layerSpace, 3, makeSplit},
		opTrim:       {"trim", layerSpace, 2, makeTrim},
		opNBSP:       {"nbsp", layerSpace, 1, makeNBSP},
		opTab:        {"tab", layerSpace, 1, makeTab},
		opLine:       {"line", layerSpace, 1, makeLine},
		opSpace:      {"space", layerSpace, 1, makeSpace},
		opStop:       {"x.", layerPunct, 8, makeStop},
		opEnd:        {"x,", layerPunct, 3, makeEnd},
		opQuote:      {"quote", layerPunct, 2, makeQuote},
		opHyphen:     {"hyphen", layerPunct, 6, makeHyphen},
		opPunctLess:  {"punct-", layerPunct, 6, makePunctLess},
		opPunctMore:  {"punct+", layerPunct, 3, makePunctMore},
		opPunct:      {"punct", layerPunct, 1, makePunct},
		opAccentLess: {"accent-", layerAccent, 4, makeAccentLess},
		opAccentMore: {"accent+", layerAccent, 1, makeAccentMore},
		opLower:      {"lower", layerCase, 20, makeLower},
		opUpper:      {"upper", layerCase, 20, makeUpper},
		opTitle:      {"title", layerCase, 10, makeTitle},
		opSentence:   {"sentence", layerCase, 4, makeSentence},
		opCase:       {"case", layerCase, 4, makeCase},
		opX:          {"x", layerTypo, 1, makeX},
		opOCR:        {"ocr", layerTypo, 3, makeOCR},
		opKey:        {"key", layerTypo, 11, makeKey},
		opSwap:       {"swap", layerTypo, 13, makeSwap},
		opDrop:       {"drop", layerTypo, 34, makeDrop},
		opDoubled:    {"double", layerTypo, 12, makeDoubled},
		opAdd:        {"add", layerTypo, 15, makeAdd},
		opSub:        {"sub", layerTypo, 5, makeSub},
		opTwo:        {"two", layerTypo, 7, makeTwo},
		opAbbr:       {"abbr", layerShort, 10, makeAbbr},
		opLong:       {"long", layerShort, 4, makeLong},
		opInitials:   {"initials", layerShort, 1, makeInitials},
		opCut:        {"cut", layerShort, 5, makeCut},
	}
	fillLadders()
}

// ops are the ops of a variant, outermost first, padded with opNone.
type ops [maxOps]op

func (o ops) len() int {
	n := 0
	for _, x := range o {
		if x != opNone {
			n++
		}
	}
	return n
}

// push appends an op and reports whether there was room.
func (o *ops) push(x op) bool {
	if x == opNone {
		return true
	}
	for i := range o {
		if o[i] == opNone {
			o[i] = x
			return true
		}
	}
	return false
}

// AnyVariant is the form of all variants, and with a layer's name after it of those whose innermost op is in that layer.
const AnyVariant = "=~"

// ladders are the forms of each combination of ops; opsOf reads the finest ones.
var (
	ladders = map[ops][]string{}
	opsOf   = map[string]ops{}
)

func fillLadders() {
	for a := opNone + 1; a < opCount; a++ {
		for b := opNone; b < opCount; b++ {
			if b != opNone && specs[a].layer >= specs[b].layer {
				continue
			}
			o, last := ops{a, b}, b
			form := "=" + specs[a].name
			if b == opNone {
				last = a
			} else {
				form += "=" + specs[b].name
			}
			ladders[o] = []string{form, AnyVariant + layerNames[specs[last].layer], AnyVariant}
			opsOf[form] = o
		}
	}
}

// ladder returns the forms of a variant, finest first.
func (o ops) ladder() []string { return ladders[o] }

// IsVariant reports whether a form is one of variants of words, rather than a mask or a kind's own. No mask is one: the
// letters of a mask are classes, with a length behind.
func IsVariant(form string) bool {
	_, fine := opsOf[form]
	_, coarse := openShares(form)
	return fine || coarse
}

// openShares returns the share of each op under a form that leaves the op open.
func openShares(form string) (shares [opCount]int, ok bool) {
	name, ok := strings.CutPrefix(form, AnyVariant)
	if !ok {
		return shares, false
	}
	ok = false
	for x := opNone + 1; x < opCount; x++ {
		if s := specs[x]; name == "" || name == layerNames[s.layer] {
			shares[x], ok = s.share, true
		}
	}
	return shares, ok
}
