// Checks the provenance of a release by in-toto's and secure-systems-lab's own code: attestation <public key> <envelope> <file of the release>.
// Prints one line. Ends with 1 and a sentence when the signature, the statement, the provenance or the file is not as it should be.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	provenance "github.com/in-toto/attestation/go/predicates/provenance/v1"
	statement "github.com/in-toto/attestation/go/v1"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/secure-systems-lab/go-securesystemslib/signerverifier"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	if len(os.Args) != 4 {
		fail(errors.New("expected a public key, an envelope and a file"))
	}
	payload, err := signed(os.Args[1], os.Args[2])
	if err != nil {
		fail(err)
	}
	var said statement.Statement
	if err := errors.Join(protojson.Unmarshal(payload, &said), said.Validate()); err != nil {
		fail(fmt.Errorf("statement: %w", err))
	}
	if said.GetPredicateType() != "https://slsa.dev/provenance/v1" {
		fail(fmt.Errorf("statement: a predicate of %s", said.GetPredicateType()))
	}
	predicate, err := protojson.Marshal(said.GetPredicate())
	var made provenance.Provenance
	if err := errors.Join(err, protojson.Unmarshal(predicate, &made), made.Validate()); err != nil {
		fail(fmt.Errorf("provenance: %w", err))
	}
	name, err := subjectOf(os.Args[3], said.GetSubject())
	if err != nil {
		fail(err)
	}
	fmt.Printf("%s, made by %s\n", name, made.GetRunDetails().GetBuilder().GetId())
}

func signed(keyFile, envelopeFile string) ([]byte, error) {
	pem, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	key, err := signerverifier.LoadKey(pem)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	verifier, err := verifierOf(key)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	text, err := os.ReadFile(envelopeFile)
	if err != nil {
		return nil, err
	}
	var envelope dsse.Envelope
	if err := json.Unmarshal(text, &envelope); err != nil {
		return nil, fmt.Errorf("envelope: %w", err)
	}
	all, err := dsse.NewEnvelopeVerifier(verifier)
	if err != nil {
		return nil, err
	}
	if _, err := all.Verify(context.Background(), &envelope); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	return envelope.DecodeB64Payload()
}

func verifierOf(key *signerverifier.SSLibKey) (dsse.Verifier, error) {
	if key.KeyType == signerverifier.ED25519KeyType {
		return signerverifier.NewED25519SignerVerifierFromSSLibKey(key)
	}
	return signerverifier.NewECDSASignerVerifierFromSSLibKey(key)
}

func subjectOf(file string, subjects []*statement.ResourceDescriptor) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(content)
	for _, subject := range subjects {
		if subject.GetDigest()["sha256"] == hex.EncodeToString(digest[:]) {
			return subject.GetName(), nil
		}
	}
	return "", fmt.Errorf("subject: the statement has no file with the digest of %s", file)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
