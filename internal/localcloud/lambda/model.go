package lambda

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// function is one state of a function with everything that belongs to it. Once
// shown it never changes: an operation works on a clone.
type function struct {
	functionDocument
	id       functionID
	latest   *version
	versions []*version // published, oldest first
	aliases  map[string]*alias
}

// functionDocument is what is kept in the function's own row.
type functionDocument struct {
	Partition string
	// NextVersion never goes back: a deleted version's number is not used again.
	NextVersion int
	Reserved    *int                   `json:",omitzero"` // reserved concurrency
	Provisioned map[string]provisioned `json:",omitzero"` // by version or alias
	Tags        map[string]string      `json:",omitzero"`
	Policies    map[string]policy      `json:",omitzero"` // by qualifier, "" for the function
}

// version is $LATEST or a published version. Versions are never modified:
// $LATEST is replaced by another one.
type version struct {
	Number     string // "$LATEST" or digits
	Settings   settings
	CodeSHA256 string // of the zip, in hex
	CodeSize   int64  // of the zip, in bytes
	Modified   time.Time
	RevisionID string
	// Source is the fingerprint of the $LATEST that was published; absent in $LATEST itself.
	Source string `json:",omitzero"`
}

// alias names a version, and perhaps a second one that takes a share of the
// invocations.
type alias struct {
	Name        string
	Version     string
	Description string
	Weights     map[string]float64 `json:",omitzero"` // of additional versions, 0 to 1
	RevisionID  string
}

func (f *function) clone() *function {
	c := *f
	c.versions = slices.Clone(f.versions)
	c.aliases = maps.Clone(f.aliases)
	c.Provisioned = maps.Clone(f.Provisioned)
	c.Tags = maps.Clone(f.Tags)
	c.Policies = maps.Clone(f.Policies)
	return &c
}

func (f *function) reference() reference {
	return reference{functionID: f.id, Partition: f.Partition}
}

// version finds a version by number or "$LATEST".
func (f *function) version(number string) (*version, bool) {
	if number == latestVersion {
		return f.latest, true
	}
	i, ok := slices.BinarySearchFunc(f.versions, number, func(v *version, n string) int {
		return compareNumbers(v.Number, n)
	})
	if !ok {
		return nil, false
	}
	return f.versions[i], true
}

// compareNumbers orders version numbers without reading them as integers: a
// caller may send more digits than an integer has.
func compareNumbers(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// all lists $LATEST and the published versions, oldest first.
func (f *function) all() []*version {
	return append([]*version{f.latest}, f.versions...)
}

// lookup finds what r's qualifier names, following an alias to its main
// version. Errors are those of GetFunction.
func (f *function) lookup(r reference) (*version, error) {
	number := cmp.Or(r.Qualifier, latestVersion)
	if a, ok := f.aliases[number]; ok {
		number = a.Version
	}
	v, ok := f.version(number)
	if !ok {
		return nil, functionNotFound(r.ARN())
	}
	return v, nil
}

// aliasesOf lists the names of the aliases that send invocations to a version.
func (f *function) aliasesOf(number string) []string {
	var names []string
	for name, a := range f.aliases {
		if _, weighted := a.Weights[number]; weighted || a.Version == number {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// publish adds $LATEST as the next version. It returns the last version and
// false when nothing has changed since that was published.
func (f *function) publish(description *string, now time.Time) (*version, bool) {
	source := f.latest.fingerprint()
	if n := len(f.versions); n > 0 && f.versions[n-1].Source == source {
		return f.versions[n-1], false
	}
	v := *f.latest
	v.Number = strconv.Itoa(f.NextVersion)
	v.Source = source
	v.Modified, v.RevisionID = now, newRevisionID()
	if description != nil {
		v.Settings.Description = *description
	}
	f.NextVersion++
	f.versions = append(f.versions, &v)
	return &v, true
}

// fingerprint is equal for versions of the same code and configuration.
func (v *version) fingerprint() string {
	text, err := json.Marshal(struct {
		Settings   settings
		CodeSHA256 string
	}{v.Settings, v.CodeSHA256})
	if err != nil {
		panic(err) // strings, numbers and maps of them always encode
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// key identifies one immutable unit of execution for the runtime.
func (v *version) key(id functionID) string {
	return id.Account + "/" + id.Region + "/" + id.Name + "/" + v.Number + "/" + v.RevisionID
}
