package credentials

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/awswire"
)

const testSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

// good is a credential in YAML; the lines of it are counted from 1.
const good = `- accessKeyId: AKIAONE
  secretAccessKey: ` + testSecret + `
  account: 000000000001
  principal: arn:aws:iam::000000000001:user/ci
  allow:
    - actions: ["codedeploy:Get*"]
      resources: ["*"]
`

func TestParse(t *testing.T) {
	keys, err := parse("f", []byte(good+`- accessKeyId: ASIATWO
  secretAccessKey: "0123456789012345"
  sessionToken: "a/token=="
  expires: 2026-12-31T00:00:00Z
  account: "111122223333"
  principal: arn:aws:sts::111122223333:assumed-role/deploy/run
  allow: []
  deny: []
`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]awswire.Secret{
		"AKIAONE": {SecretAccessKey: testSecret, Account: "000000000001", PrincipalARN: "arn:aws:iam::000000000001:user/ci"},
		"ASIATWO": {SecretAccessKey: "0123456789012345", SessionToken: "a/token==", Account: "111122223333",
			SessionExpires: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC),
			PrincipalARN:   "arn:aws:sts::111122223333:assumed-role/deploy/run"},
	}
	got := map[string]awswire.Secret{}
	for id, c := range keys {
		got[id] = c.secret
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("not as wanted") // the difference would show secrets
	}
	if text := fmt.Sprintf("%v %+v %#v", keys, keys, keys); strings.Contains(text, testSecret) {
		t.Error("a credential prints its secret")
	}
}

func TestParseJSON(t *testing.T) {
	keys, err := parse("f", []byte("[\n\t{\"accessKeyId\": \"AKIAONE\", \"secretAccessKey\": \""+testSecret+`", "account": "111122223333",
	"principal": "arn:aws:iam::111122223333:root", "allow": [{"actions": ["*"], "resources": ["*"]}]}
]`))
	if err != nil || keys["AKIAONE"].secret.Account != "111122223333" {
		t.Errorf("%d keys, error %v", len(keys), err)
	}
}

func TestNobodyIsAccepted(t *testing.T) {
	if keys, err := parse("f", []byte("[] # all revoked\n")); err != nil || len(keys) != 0 {
		t.Errorf("%d keys, error %v", len(keys), err)
	}
}

func TestParseRefuses(t *testing.T) {
	second := strings.Replace(good, "AKIAONE", "AKIATWO", 1)
	for _, test := range []struct {
		name, content string
		want          []string // one per problem
	}{
		{"unknown member", good + strings.Replace(second, "allow:", "alow:", 1),
			[]string{`f:12: unknown member "alow"`, `f:8: the member "allow" is missing`}},
		{"a secret in the place of a name", good + "  " + testSecret + ": x\n", []string{"f:8: an unknown member"}},
		{"twice the same member", strings.Replace(good, "  account:", "  accessKeyId: AKIATWO\n  account:", 1),
			[]string{`f:3: the member "accessKeyId" is given twice`}},
		{"twice the same key", good + good, []string{"f:8: the accessKeyId is that of the credential at line 1"}},
		{"account", strings.Replace(good, "account: 000000000001", "account: 1", 1), []string{"f:3: account must be an account of 12 digits"}},
		{"principal", strings.Replace(good, "arn:aws:iam::000000000001:user/ci", "ci", 1), []string{"f:4: principal must be the ARN of"}},
		{"principal of another account", strings.Replace(good, "000000000001:user", "000000000002:user", 1),
			[]string{"f:4: the principal is of another account"}},
		{"short secret", strings.Replace(good, testSecret, "short", 1), []string{"f:2: secretAccessKey must be 16 to 256"}},
		{"null secret", strings.Replace(good, testSecret, "", 1), []string{"f:2: secretAccessKey must be 16 to 256"}},
		{"expires", strings.Replace(good, "  account:", "  expires: 2026-13-01T00:00:00Z\n  account:", 1), []string{"f:3: expires must be a moment"}},
		{"action", strings.Replace(good, "codedeploy:Get*", "Get*", 1), []string{`f:6: an action must be "*" or`}},
		{"resource", strings.Replace(good, `resources: ["*"]`, `resources: ["arn:aws:codedeploy:shop"]`, 1),
			[]string{`f:7: a resource must be "*" or an ARN of six parts`}},
		{"no actions", strings.Replace(good, `["codedeploy:Get*"]`, "[]", 1), []string{"f:6: actions must not be empty"}},
		{"actions is a text", strings.Replace(good, `["codedeploy:Get*"]`, "codedeploy:Get*", 1), []string{"f:6: actions must be a list"}},
		{"statement without resources", strings.Replace(good, `      resources: ["*"]`+"\n", "", 1),
			[]string{`f:6: the member "resources" is missing`}},
		{"allow is null", good[:strings.Index(good, "    - actions")], []string{"f:5: allow must be a list"}},
		{"alias", strings.Replace(good, testSecret, "&a "+testSecret, 1), []string{"f:2: anchors and aliases have no place here"}},
		{"secret that begins with a star", strings.Replace(good, testSecret, "*"+testSecret, 1), []string{"f:2: the text is not valid YAML"}},
		{"binary", strings.Replace(good, testSecret, "!!binary "+testSecret, 1), []string{"f:2: secretAccessKey must be"}},
		{"a map", "accessKeyId: x", []string{"f:1: the file must be a list"}},
		{"an entry that is a text", "- " + testSecret, []string{"f:1: a credential must be a map"}},
		{"empty", "# nobody yet\n", []string{"f:1: the file is empty; write [] to accept nobody"}},
		{"two documents", good + "---\n[]\n", []string{"f:8: a second YAML document"}},
		{"not YAML", good + "\t- x: [", []string{"f:8: the text is not valid YAML"}},
		{"deep", strings.Repeat("[", 100), []string{"f:1: the text is not valid YAML, or nested too deeply"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := parse("f", []byte(test.content))
			if err == nil {
				t.Fatal("accepted")
			}
			if strings.Contains(err.Error(), testSecret) {
				t.Fatal("the error shows the secret")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(test.want) {
				t.Fatalf("%d problems, not %d:\n%v", len(lines), len(test.want), err)
			}
			for i, line := range lines {
				if !strings.HasPrefix(line, test.want[i]) {
					t.Errorf("got  %s\nwant %s", line, test.want[i])
				}
			}
		})
	}
}

func TestProblemsAreBounded(t *testing.T) {
	_, err := parse("f", []byte(strings.Repeat("- x\n", 1000)))
	if err == nil || strings.Count(err.Error(), "\n") != maxProblems-1 {
		t.Errorf("got %v", err)
	}
}

// FuzzParse: whatever the file holds, the answer is a good ring or faults that
// have lines and do not show a secret which stands somewhere in the file.
func FuzzParse(f *testing.F) {
	f.Add(good, 30)
	f.Add(strings.ReplaceAll(good, testSecret, ""), 44)
	f.Add("[{accessKeyId: , x: {", 14)
	f.Add("- *", 3)
	f.Add("- &", 3)
	f.Add("- !", 3)
	f.Add("%TAG ! ", 7)
	f.Fuzz(func(t *testing.T, content string, at int) {
		if at >= 0 && at <= len(content) {
			content = content[:at] + testSecret + content[at:]
		}
		keys, err := parse("f", []byte(content))
		if err != nil {
			if text := err.Error(); !strings.HasPrefix(text, "f:") || strings.Contains(text, testSecret) {
				t.Errorf("the error is %q", text)
			}
			return
		}
		for id, c := range keys {
			if !accessKeyForm.fits(id) || len(c.secret.Account) != 12 || len(c.secret.SecretAccessKey) < 16 ||
				!strings.Contains(c.secret.PrincipalARN, ":"+c.secret.Account+":") {
				t.Errorf("a credential that must not be: %q", id)
			}
		}
	})
}

func TestMissingFile(t *testing.T) {
	if _, err := read(t.TempDir() + "/none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := read(t.TempDir()); err == nil || !strings.HasSuffix(err.Error(), "is not a file") {
		t.Errorf("a folder: %v", err)
	}
}
