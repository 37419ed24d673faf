package lambdatest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// updateBody is UpdateAlias's request. A nil RoutingConfig, or one without the map, keeps the weights.
type updateBody struct {
	FunctionVersion string
	RoutingConfig   *routingBody
	RevisionID      string `json:"RevisionId"`
}

type routingBody struct {
	AdditionalVersionWeights map[string]float64 `json:",omitempty"`
}

type aliasAnswer struct {
	AliasARN        string `json:"AliasArn"`
	Name            string
	FunctionVersion string
	Description     string
	RevisionID      string       `json:"RevisionId"`
	RoutingConfig   *routingBody `json:",omitempty"`
}

type provisionedBody struct {
	Status       string
	StatusReason string `json:",omitempty"`
}

// over returns what an alias becomes when the update is laid over it.
func (b updateBody) over(now Alias) (version string, weights map[string]float64) {
	version, weights = now.Version, now.Weights
	if b.FunctionVersion != "" {
		version = b.FunctionVersion
	}
	if b.RoutingConfig != nil && b.RoutingConfig.AdditionalVersionWeights != nil {
		weights = b.RoutingConfig.AdditionalVersionWeights
	}
	return version, weights
}

func (b updateBody) update(at place, alias string, granted bool) Update {
	u := Update{
		Account: at.account, Region: at.region, Function: at.name, Alias: alias,
		Version: b.FunctionVersion, RevisionID: b.RevisionID, Granted: granted, Time: time.Now(),
	}
	if b.RoutingConfig != nil {
		u.Weights = maps.Clone(b.RoutingConfig.AdditionalVersionWeights)
	}
	return u
}

func aliasBody(at place, name string, a Alias) aliasAnswer {
	out := aliasAnswer{AliasARN: at.arn() + ":" + name, Name: name, FunctionVersion: a.Version, RevisionID: a.RevisionID}
	if len(a.Weights) > 0 {
		out.RoutingConfig = &routingBody{AdditionalVersionWeights: maps.Clone(a.Weights)}
	}
	return out
}

func (p place) arn() string {
	return "arn:aws:lambda:" + p.region + ":" + p.account + ":function:" + p.name
}

func ok(body any) (answer, *Failure) { return answer{http.StatusOK, body}, nil }

func missing(format string, args ...any) *Failure {
	return &Failure{Status: NotFound.Status, Code: NotFound.Code, Message: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) *Failure {
	return &Failure{Status: InvalidParameter.Status, Code: InvalidParameter.Code, Message: fmt.Sprintf(format, args...)}
}

func writeAnswer(w http.ResponseWriter, a answer) {
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	writeJSON(w, a.status, a.body)
}

func writeFailure(w http.ResponseWriter, f Failure) {
	if f.Code != "" {
		w.Header().Set("X-Amzn-Errortype", f.Code)
	}
	writeJSON(w, f.Status, map[string]string{"Type": "User", "Message": f.Message})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // our own shapes always marshal
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	w.Write(text)
}
