package lambda

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// policy is the resource-based policy of a function, a version or an alias.
// It is kept and shown for the tools that set functions up; the local Lambda
// lets every caller of the account invoke.
type policy struct {
	RevisionID string
	Statements []statement
}

// statement is one statement in the form of a policy document.
type statement struct {
	SID       string `json:"Sid"`
	Effect    string
	Principal json.RawMessage
	Action    string
	Resource  string
	Condition map[string]map[string]string `json:",omitzero"`
}

const maxPolicy = 20 << 10

type permissionInput struct {
	StatementID      string `json:"StatementId"`
	Action           string
	Principal        string
	SourceARN        string `json:"SourceArn"`
	SourceAccount    string
	EventSourceToken string
	PrincipalOrgID   string
	RevisionID       string `json:"RevisionId"`
}

var (
	statementIDSyntax = syntax{wordSyntax, 100}
	actionSyntax      = regexp.MustCompile(`^(lambda:[*]|lambda:[a-zA-Z]+|[*])$`)
	accountSyntax     = regexp.MustCompile(`^\d{12}$`)
)

// addPermission implements AddPermission.
func (s *Service) addPermission(ctx context.Context, r *request) (any, error) {
	in, err := decode[permissionInput](r)
	if err != nil {
		return nil, err
	}
	ref, err := r.function()
	if err != nil {
		return nil, err
	}
	added, err := in.statement(ref)
	if err != nil {
		return nil, err
	}
	err = s.changePolicy(ctx, ref, in.RevisionID, func(p *policy) error {
		if slices.ContainsFunc(p.Statements, func(other statement) bool { return other.SID == added.SID }) {
			return resourceConflict.errorf("The statement id (%s) provided already exists."+
				" Please provide a new statement id, or remove the existing statement.", added.SID)
		}
		p.Statements = append(slices.Clone(p.Statements), added)
		if len(p.document()) > maxPolicy {
			return invalidParameterValue.errorf("The final policy size is bigger than the limit (%d).", maxPolicy)
		}
		return nil
	})
	return struct{ Statement string }{string(encoded(added))}, err
}

// statement is the statement that AddPermission asks for.
func (in *permissionInput) statement(ref reference) (statement, error) {
	switch {
	case !statementIDSyntax.MatchString(in.StatementID):
		return statement{}, invalidMember("statementId", in.StatementID, "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)")
	case !actionSyntax.MatchString(in.Action):
		return statement{}, invalidMember("action", in.Action, "Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])")
	case in.Principal == "":
		return statement{}, invalidMember("principal", in.Principal, "Member must not be null")
	}
	st := statement{SID: in.StatementID, Effect: "Allow", Principal: in.principal(ref.Partition), Action: in.Action, Resource: ref.ARN()}
	condition := func(operator, key, value string) {
		if value == "" {
			return
		}
		if st.Condition == nil {
			st.Condition = map[string]map[string]string{}
		}
		if st.Condition[operator] == nil {
			st.Condition[operator] = map[string]string{}
		}
		st.Condition[operator][key] = value
	}
	condition("ArnLike", "AWS:SourceArn", in.SourceARN)
	condition("StringEquals", "AWS:SourceAccount", in.SourceAccount)
	condition("StringEquals", "lambda:EventSourceToken", in.EventSourceToken)
	condition("StringEquals", "aws:PrincipalOrgID", in.PrincipalOrgID)
	return st, nil
}

func (in *permissionInput) principal(partition string) json.RawMessage {
	switch {
	case in.Principal == "*":
		return encoded("*")
	case accountSyntax.MatchString(in.Principal):
		return encoded(map[string]string{"AWS": "arn:" + partition + ":iam::" + in.Principal + ":root"})
	case strings.HasPrefix(in.Principal, "arn:"):
		return encoded(map[string]string{"AWS": in.Principal})
	}
	return encoded(map[string]string{"Service": in.Principal})
}

func (p policy) document() string {
	return string(encoded(struct {
		Version   string
		ID        string `json:"Id"`
		Statement []statement
	}{"2012-10-17", "default", p.Statements}))
}

func encoded(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // statements consist of strings
	}
	return text
}

// getPolicy implements GetPolicy.
func (s *Service) getPolicy(_ context.Context, r *request) (any, error) {
	type output struct {
		Policy     string
		RevisionID string `json:"RevisionId"`
	}
	ref, err := r.function()
	if err != nil {
		return nil, err
	}
	f, err := s.existing(ref)
	if err != nil {
		return nil, err
	}
	p, ok := f.Policies[ref.Qualifier]
	if !ok {
		return nil, resourceNotFound.errorf("The resource you requested does not exist.")
	}
	return output{p.document(), p.RevisionID}, nil
}

// removePermission implements RemovePermission.
func (s *Service) removePermission(ctx context.Context, r *request) (any, error) {
	ref, err := r.function()
	if err != nil {
		return nil, err
	}
	sid := r.PathValue("StatementId")
	return nil, s.changePolicy(ctx, ref, r.URL.Query().Get("RevisionId"), func(p *policy) error {
		left := slices.DeleteFunc(slices.Clone(p.Statements), func(st statement) bool { return st.SID == sid })
		if len(left) == len(p.Statements) {
			return resourceNotFound.errorf("Statement %s is not found in resource policy.", shortened(sid))
		}
		p.Statements = left
		return nil
	})
}

// changePolicy runs fn on the policy of what ref names. A policy without
// statements is none.
func (s *Service) changePolicy(ctx context.Context, ref reference, revisionID string, fn func(p *policy) error) error {
	return s.change(ctx, ref, func(f *function) ([]write, error) {
		if _, err := f.lookup(ref); err != nil {
			return nil, err
		}
		p := f.Policies[ref.Qualifier]
		if revisionID != "" && revisionID != p.RevisionID {
			return nil, staleRevision()
		}
		if err := fn(&p); err != nil {
			return nil, err
		}
		p.RevisionID = newRevisionID()
		if f.Policies == nil {
			f.Policies = map[string]policy{}
		}
		f.Policies[ref.Qualifier] = p
		if len(p.Statements) == 0 {
			delete(f.Policies, ref.Qualifier)
		}
		return []write{saveFunction(f)}, nil
	})
}
