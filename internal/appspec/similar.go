package appspec

import "strings"

// maxEdits is how many edits still make a misspelling; words longer than
// maxWord are not compared.
const (
	maxEdits = 2
	maxWord  = 64
)

// didYouMean asks for the nearest of the words when the given one looks like a
// misspelling of it, and is empty otherwise.
func didYouMean(given string, words ...string) string {
	if word := nearest(given, words); word != "" {
		return "Did you mean " + word + "?"
	}
	return ""
}

func nearest(given string, words []string) string {
	best, edits := "", maxEdits+1
	if len(given) > maxWord {
		return ""
	}
	for _, word := range words {
		if d := distance(strings.ToLower(given), strings.ToLower(word)); d < edits && d*2 < len(word) {
			best, edits = word, d
		}
	}
	return best
}

// distance is the number of bytes to insert, delete or replace to get from a
// to b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
