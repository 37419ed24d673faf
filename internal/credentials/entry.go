package credentials

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"greenlight/internal/awswire"
)

// The forms of the members.
var (
	accessKeyForm = newForm(128, `[A-Za-z0-9_.+=@-]{3,}`, "3 to 128 letters, digits or _.+=@-")
	secretForm    = newForm(256, `[!-~]{16,}`, "16 to 256 printable ASCII characters without spaces")
	tokenForm     = newForm(4096, `[!-~]+`, "1 to 4096 printable ASCII characters without spaces")
	accountForm   = newForm(12, `[0-9]{12}`, "an account of 12 digits")
	expiresForm   = newForm(40, `[0-9TtZz:.+-]+`, "a moment such as 2026-12-31T00:00:00Z")
	principalForm = newForm(2048,
		`arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:(root|(user|role|assumed-role|federated-user)/[!-~]+)`,
		"the ARN of a user, a role, an assumed role or the root of an account")
	actionForm   = newForm(256, `\*|[a-z0-9-]+:[A-Za-z0-9*?]+`, `"*" or an action such as codedeploy:Get*`)
	resourceForm = newForm(2048,
		`\*|arn:[a-z*?-]+:[a-z0-9*?-]+:[a-z0-9*?-]+:[0-9*?]+:[!-~]+`,
		`"*" or an ARN of six parts, such as arn:aws:codedeploy:*:*:application:shop*`)
)

func (r *reader) ring(document *yaml.Node) ring {
	keys := ring{}
	lines := map[string]int{}
	for _, item := range r.items(document, "the file") {
		id, c := r.credential(item)
		if first, ok := lines[id]; ok && id != "" {
			r.problem(item, "the accessKeyId is that of the credential at line %d", first)
		}
		lines[id] = item.Line
		keys[id] = c
	}
	return keys
}

func (r *reader) credential(n *yaml.Node) (accessKeyID string, c credential) {
	m := r.mapping(n, "a credential", "accessKeyId", "secretAccessKey", "sessionToken", "expires",
		"account", "principal", "allow", "deny")
	accessKeyID = r.required(m, "accessKeyId", accessKeyForm)
	c.secret = awswire.Secret{
		SecretAccessKey: r.required(m, "secretAccessKey", secretForm),
		SessionToken:    r.optional(m, "sessionToken", tokenForm),
		SessionExpires:  r.expires(m),
		Account:         r.required(m, "account", accountForm),
		PrincipalARN:    r.required(m, "principal", principalForm),
	}
	if s := c.secret; s.Account != "" && s.PrincipalARN != "" && splitARN(s.PrincipalARN)[4] != s.Account {
		r.problem(m.members["principal"], "the principal is of another account")
	}
	if m.members["allow"] == nil {
		r.missing(m, "allow")
	}
	c.policy = policy{allow: r.statements(m, "allow"), deny: r.statements(m, "deny")}
	return accessKeyID, c
}

func (r *reader) expires(m mapping) time.Time {
	text := r.optional(m, "expires", expiresForm)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.problem(m.members["expires"], "expires must be %s", expiresForm.rule)
	}
	return t
}

func (r *reader) statements(m mapping, name string) []statement {
	if m.members[name] == nil {
		return nil
	}
	var statements []statement
	for _, item := range r.items(m.members[name], name) {
		s := r.mapping(item, "an entry of "+name, "actions", "resources")
		var one statement
		for _, action := range r.texts(s, "actions", "an action", actionForm) {
			one.actions = append(one.actions, strings.ToLower(action))
		}
		for _, resource := range r.texts(s, "resources", "a resource", resourceForm) {
			one.resources = append(one.resources, patternOf(resource))
		}
		statements = append(statements, one)
	}
	return statements
}

// texts is a list that must have something in it: a statement without actions
// or resources would silently speak of nothing.
func (r *reader) texts(m mapping, name, one string, f form) []string {
	if m.members[name] == nil {
		r.missing(m, name)
		return nil
	}
	items := r.items(m.members[name], name)
	if m.members[name].Kind == yaml.SequenceNode && len(items) == 0 {
		r.problem(m.members[name], "%s must not be empty", name)
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = r.text(item, one, f)
	}
	return texts
}

func patternOf(resource string) resourcePattern {
	if resource == "*" {
		return nil
	}
	return splitARN(resource)
}
