package cli

import (
	"fmt"

	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/dp/statement"
	"github.com/patina-data/patina/eval/report"
)

// An answer is one question that an evaluation of a differential privacy guarantee asks.
type answer struct {
	question string
	text     string
	evidence string // functions and tests between back quotes: a test of the repository checks that they exist
}

// answers goes through what NIST SP 800-226 ("Guidelines for Evaluating Differential Privacy Guarantees", 2025) asks an evaluator to look at, from
// the parameters at the top of its pyramid to the collection of the data at the bottom. The questions are in our words.
func answers(st *statement.Statement) []report.Block {
	blocks := []report.Block{report.Text("The questions follow the parts of a guarantee that NIST SP 800-226 (Guidelines for Evaluating Differential Privacy Guarantees, 2025, doi 10.6028/NIST.SP.800-226) " +
		"has an evaluator look at, in our words. Names in this type are functions, tests and documents of patina's source; `dp/PRIVACY.md` has the whole argument.")}
	for _, a := range append(guaranteeAnswers(st), append(algorithmAnswers(), deploymentAnswers()...)...) {
		blocks = append(blocks, report.Heading(a.question), report.Text(a.text))
		if a.evidence != "" {
			blocks = append(blocks, report.Text("Evidence: "+a.evidence))
		}
	}
	return blocks
}

func guaranteeAnswers(st *statement.Statement) []answer {
	life := st.Caps[0]
	unit := answer{
		question: "What is the unit of privacy, and which datasets are neighbours?",
		text:     "One record; neighbours differ by adding or removing one, so the number of records is private too. Somebody with several records is protected less, as the table under What it means says.",
		evidence: "`encode.Column.Keys` and its neighbours state what one record changes; `TestOneRecordChangesWhatItMay`, `TestWorstRecordsChangeWhatTheyMay`.",
	}
	bound := answer{
		question: "How are contributions bounded?",
		text:     "Not at all beyond the record: the guarantee is for each record by itself. If people have several, choose them as the unit instead, with a bound on the records that are counted of each.",
		evidence: "`TestSensitivity`, `TestSensitivitiesHaveOneSource`; for somebody with several records `account.Group`.",
	}
	if st.Unit != ledger.UnitRecord && st.Unit != "" {
		unit.text = fmt.Sprintf("All records with the same %s together; neighbours differ by adding or removing all counted records of one such value.", shown(st.Unit))
		bound.text = "Of each unit a bounded number of records is counted; the list of runs says how many. Further ones are left out."
	}
	return []answer{{
		question: "What are ε and δ, and what do they mean here?",
		text: fmt.Sprintf("ε = %s at δ = %s for everything so far, of at most ε = %s. The parameters that were composed are ρ and the thresholds' δ, both given above, so that the conversion can be done at another δ. "+
			"Noise is Gaussian, so the guarantee degrades gradually: δ is not the probability that data is published.", roundedUp(float64(st.Total.Epsilon)), number(float64(life.Delta)), number(float64(life.Epsilon))),
		evidence: "`account.EpsilonAt`, `account.RhoFor`; `TestDeltaAtPublished`, `TestInversesTable`, `TestFormulaErrorIsBelowSlack` hold them against published figures and high-precision tables.",
	}, unit, bound, {
		question: "How do several releases add up?",
		text:     "ρ adds up over all releases of a run and over all runs, also when what is measured next depends on what was released before. The whole of a run is reserved before it starts, and a run that does not fit is refused. Runs that failed count.",
		evidence: "`dp.Run.Gaussian` charges before it draws (`TestChargesBeforeDraw`); `ledger.Account.Fits`; `TestRaceNeverExceedsTheCap`, `TestReservationSurvivesCrash`.",
	}, {
		question: "What about other releases of the same data?",
		text:     "They are not in this account unless they were made under its name. Releases that are not differentially private, and accounts of other names over the same people, weaken what is said here by an amount that nobody can compute from this page.",
	}}
}

func algorithmAnswers() []answer {
	return []answer{{
		question: "Which mechanisms are used, and are they right?",
		text:     "One: Gaussian noise on vectors of integer counts whose L2 sensitivity is stated and bounded; and a threshold upon it where labels are only known from the data. Nothing else leaves the place where the data lies.",
		evidence: "`dp.Run.Gaussian`, `dp.Run.Threshold`; `TestGaussianSigma`, `TestThresholdRate`, `TestThresholdNeverReleasesASingleton`; `TestExits` lists every place where a count leaves.",
	}, {
		question: "Where do categories, bounds and other domains come from?",
		text:     "From the spec and the physical schema, which are public input and listed with each run, or from the data, and then they are released under the same budget by a threshold mechanism or noisy counts. Minimum and maximum of the data are never used.",
		evidence: "`account.Threshold`, `encode.Column.Grid`; `TestLabelsAreShared`, `TestThresholdKeepsFrequentKeys`.",
	}, {
		question: "How accurate is what was released?",
		text:     "Every release is listed with its σ, and with what its counts are off by at most in 95 of 100 cases. The noise is unbiased, but what is computed from it is not always: labels below a threshold are missing, and small negative counts are read as none.",
		evidence: "`account.SigmaFor`; `TestNoiseIsWhatItSays`.",
	}, {
		question: "Whom does the noise hit hardest?",
		text:     "Small groups: the same noise is a larger part of a small count, and a category that few share is not released at all. Conclusions about small groups should be drawn from the stated errors, or not be drawn. What is unfair in the data stays so.",
	}, {
		question: "Is synthetic data covered?",
		text:     "Yes. Synthetic tables are sampled from a released artefact and from nothing else, so they are post-processing: any number of them costs nothing more.",
		evidence: "`TestReach`: what samples cannot reach what reads the data.",
	}, {
		question: "Do floating point and random numbers hold up?",
		text:     "Noise comes from Google's differential privacy library with a cryptographic source, is rounded to a grid of which every count is a multiple, and is added to integers, so that its last bits say nothing. What remains of finite precision is bounded in `dp/PRIVACY.md`.",
		evidence: "`noise.AddGaussian`; `TestLastBitsSayNothing`, `TestGrid`, `TestSigma`, `TestEveryPointIsReached`.",
	}}
}

func deploymentAnswers() []answer {
	return []answer{{
		question: "Who may ask what?",
		text:     "Data is released, not queried: the operator decides on a run, and readers get its artefact. Nobody outside submits queries, chooses records or sees refusals that depend on them.",
	}, {
		question: "Who is trusted?",
		text:     "The central model: whoever runs patina where the data lies is trusted with it, and can read it anyway. Readers of what was released are not trusted with anything.",
		evidence: "`dp/PRIVACY.md` under What is not protected.",
	}, {
		question: "Are there side channels?",
		text:     "Yes, for whoever can watch a run: its time, memory, temporary files and failures to read depend on the data and are not hidden. Messages and logs quote no cell, and crashes say nothing of what they were working on.",
		evidence: "`TestSilentPackages`, `TestSealedPrints`, `TestPanicsAreSilent`.",
	}, {
		question: "How are data and ledger secured?",
		text:     "The data is where it was: patina sends nothing anywhere, and encryption and access to it are the operator's. The ledger is append-only and chained by hashes, which shows changes to those who noted an earlier hash; who can write it can forge it.",
		evidence: "`ledger.Store.Verify`; `TestReach`: nothing that sees data can reach the network.",
	}, {
		question: "Should the data have been collected?",
		text:     "No program can say. Differential privacy limits what releases tell about people; it does not undo a breach of the data itself, and is no reason to collect or keep more of it.",
	}}
}
