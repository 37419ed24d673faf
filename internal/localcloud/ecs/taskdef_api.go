package ecs

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"greenlight/internal/awswire"
	"greenlight/internal/sqldb"
)

// shownDefinition is TaskDefinition of the model.
type shownDefinition struct {
	ARN          string   `json:"taskDefinitionArn"`
	Family       string   `json:"family"`
	Revision     int      `json:"revision"`
	Status       string   `json:"status"`
	Registered   moment   `json:"registeredAt"`
	Deregistered moment   `json:"deregisteredAt,omitzero"`
	RegisteredBy string   `json:"registeredBy"`
	Supports     []string `json:"compatibilities"`
	definitionContent
}

type definitionAnswer struct {
	Definition *shownDefinition `json:"taskDefinition"`
	Tags       []tag            `json:"tags,omitempty"`
}

func (d *definition) answer() definitionAnswer {
	return definitionAnswer{&shownDefinition{
		ARN: d.arn(), Family: d.Family, Revision: d.Revision, Status: d.Status, Registered: d.Registered,
		Deregistered: d.Deregistered, RegisteredBy: d.RegisteredBy, Supports: d.supports(), definitionContent: d.Content,
	}, d.Tags.list()}
}

// supports lists the launch types that the definition can run with.
func (d *definition) supports() []string {
	if slices.Contains(d.Content.Compatibilities, launchFargate) {
		return []string{launchEC2, launchFargate}
	}
	return []string{launchExternal, launchEC2}
}

type registerInput struct {
	Family string `json:"family"`
	Tags   []tag  `json:"tags"`
	definitionContent
}

// registerTaskDefinition implements RegisterTaskDefinition.
func (s *Service) registerTaskDefinition(ctx context.Context, in *registerInput) (any, error) {
	if in.Family == "" {
		return nil, client.errorf("Family should not be null or empty.")
	}
	if !validName.MatchString(in.Family) {
		return nil, client.errorf("Family contains invalid characters: %q.", shortened(in.Family))
	}
	if err := in.definitionContent.check(); err != nil {
		return nil, err
	}
	given, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	d := &definition{
		scope: scopeOf(ctx), Family: in.Family, Status: statusActive, Registered: moment{s.clock.Now()},
		RegisteredBy: awswire.CallerFrom(ctx).PrincipalARN, Tags: given, Content: in.definitionContent,
	}
	err = s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		// Revisions are never removed, so no number comes twice.
		err := tx.QueryRow(`SELECT COALESCE(MAX(revision), 0) + 1 FROM task_definition WHERE account = $1 AND region = $2 AND family = $3`,
			d.Account, d.Region, d.Family).Scan(&d.Revision)
		if err != nil {
			return err
		}
		return saveDefinition(tx, d)
	})
	return d.answer(), err
}

type definitionInput struct {
	Definition string `json:"taskDefinition"`
}

// describeTaskDefinition implements DescribeTaskDefinition. INACTIVE revisions
// are shown when they are asked for by number.
func (s *Service) describeTaskDefinition(ctx context.Context, in *definitionInput) (any, error) {
	var found *definition
	err := s.db.View(ctx, func(tx *sqldb.Tx) (err error) {
		found, err = resolveDefinition(tx, scopeOf(ctx), in.Definition)
		return err
	})
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, client.errorf("Unable to describe task definition.")
	}
	return found.answer(), nil
}

// resolveDefinition finds the revision that a reference means; nil if there is
// none.
func resolveDefinition(tx *sqldb.Tx, in scope, reference string) (*definition, error) {
	r, err := parseDefinition(in, reference)
	if err != nil || r.Revision > 0 {
		if err != nil {
			return nil, err
		}
		return findDefinition(tx, in, r)
	}
	all, err := list[definition](tx, `SELECT document FROM task_definition
		WHERE account = $1 AND region = $2 AND family = $3 ORDER BY revision DESC`, in.Account, in.Region, r.Family)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Status == statusActive {
			return d, nil
		}
	}
	return nil, nil
}

// usableDefinition is the revision that a new service or task set is to run
// (ecs.md 11 has the texts).
func usableDefinition(tx *sqldb.Tx, in scope, reference string) (*definition, error) {
	if reference == "" {
		return nil, invalidParameter.errorf("TaskDefinition can not be blank.")
	}
	d, err := resolveDefinition(tx, in, reference)
	switch {
	case err != nil:
		return nil, err
	case d == nil:
		return nil, client.errorf("TaskDefinition not found.")
	case d.Status != statusActive:
		return nil, client.errorf("TaskDefinition is inactive")
	}
	return d, nil
}

// deregisterTaskDefinition implements DeregisterTaskDefinition: what runs the
// revision goes on, nothing new can use it.
func (s *Service) deregisterTaskDefinition(ctx context.Context, in *definitionInput) (any, error) {
	r, err := parseDefinition(scopeOf(ctx), in.Definition)
	if err != nil {
		return nil, err
	}
	if r.Revision == 0 {
		return nil, client.errorf("Task definition must have a revision, found %q.", shortened(in.Definition))
	}
	now := moment{s.clock.Now()}
	var d *definition
	err = s.db.Tx(ctx, func(tx *sqldb.Tx) (err error) {
		if d, err = findDefinition(tx, scopeOf(ctx), r); err != nil {
			return err
		}
		if d == nil {
			return client.errorf("Unable to describe task definition.")
		}
		if d.Status == statusActive {
			d.Status, d.Deregistered = statusInactive, now
		}
		return saveDefinition(tx, d)
	})
	if err != nil {
		return nil, err
	}
	return definitionAnswer{Definition: d.answer().Definition}, nil
}

type listDefinitionsInput struct {
	Prefix string `json:"familyPrefix"` // of ListTaskDefinitions: the whole family
	Status string `json:"status"`
	Sort   string `json:"sort"`
	pageRequest
}

// listTaskDefinitions implements ListTaskDefinitions, by family and revision.
func (s *Service) listTaskDefinitions(ctx context.Context, in *listDefinitionsInput) (any, error) {
	status := in.Status
	if status == "" {
		status = statusActive
	}
	descending := in.Sort == "DESC"
	all, err := s.definitions(ctx)
	if err != nil {
		return nil, err
	}
	var arns []string
	for _, d := range all {
		if d.Status == status && (in.Prefix == "" || in.Prefix == d.Family) {
			arns = append(arns, d.arn())
		}
	}
	if descending {
		slices.Reverse(arns)
	}
	page, next, err := pageOf(arns, in.pageRequest, revisionKey, descending)
	return struct {
		ARNs []string `json:"taskDefinitionArns"`
		Next string   `json:"nextToken,omitzero"`
	}{page, next}, err
}

// revisionKey makes ARNs of task definitions sort by the number at their end.
func revisionKey(arn string) string {
	colon := strings.LastIndexByte(arn, ':')
	const digits = 20
	return arn[:colon] + "!" + strings.Repeat("0", digits-len(arn[colon+1:])) + arn[colon+1:]
}

// listFamilies implements ListTaskDefinitionFamilies.
func (s *Service) listFamilies(ctx context.Context, in *listDefinitionsInput) (any, error) {
	all, err := s.definitions(ctx)
	if err != nil {
		return nil, err
	}
	var families []string
	active := map[string]bool{}
	for _, d := range all {
		if strings.HasPrefix(d.Family, in.Prefix) && !slices.Contains(families, d.Family) {
			families = append(families, d.Family)
		}
		active[d.Family] = active[d.Family] || d.Status == statusActive
	}
	families = slices.DeleteFunc(families, func(family string) bool {
		return in.Status == statusInactive && active[family] || in.Status == statusActive && !active[family]
	})
	page, next, err := pageOf(families, in.pageRequest, itself, false)
	return struct {
		Families []string `json:"families"`
		Next     string   `json:"nextToken,omitzero"`
	}{page, next}, err
}

// definitions are those of the caller by family and revision.
func (s *Service) definitions(ctx context.Context) (all []*definition, err error) {
	in := scopeOf(ctx)
	err = s.db.View(ctx, func(tx *sqldb.Tx) error {
		all, err = list[definition](tx, `SELECT document FROM task_definition
			WHERE account = $1 AND region = $2 ORDER BY family, revision`, in.Account, in.Region)
		return err
	})
	return all, err
}

// definitionOf reads a task definition by the ARN that a row holds.
func definitionOf(tx *sqldb.Tx, in scope, arn string) (*definition, error) {
	name := strings.TrimPrefix(arn, in.arn("task-definition/"))
	family, number, _ := strings.Cut(name, ":")
	revision, err := strconv.Atoi(number)
	if err != nil {
		return nil, err
	}
	return findDefinition(tx, in, definitionReference{family, revision})
}
