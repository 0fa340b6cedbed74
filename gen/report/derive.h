/* Computed texts and truths of the report, named by the tables of report_fields.c. */
#pragma once
#include "report/report.h"

bool derive_counts_clean(const void *thing);
struct str derive_counts_pass_share(struct arena *a, const void *thing);
struct str derive_counts_fail_share(struct arena *a, const void *thing);
struct str derive_counts_unknown_share(struct arena *a, const void *thing);
struct str derive_counts_applicable(struct arena *a, const void *thing);
struct str derive_counts_open_fail(struct arena *a, const void *thing);
bool derive_evidence_unusable(const void *thing);
struct str derive_evidence_size(struct arena *a, const void *thing);
struct str derive_evidence_short_sha(struct arena *a, const void *thing);
struct str derive_spot_place(struct arena *a, const void *thing);
bool derive_spot_known(const void *thing);
size_t derive_excerpt_lines(struct arena *a, const void *thing, void **items);
struct str derive_excerpt_numbered(struct arena *a, const void *thing);
/* What results.json leaves out (fields.h: implied). */
const void *derive_finding_command(struct arena *a, const void *thing, const void *outer);
const void *derive_finding_expected(struct arena *a, const void *thing,
                                    const void *outer);
const void *derive_finding_message(struct arena *a, const void *thing, const void *outer);
const void *derive_finding_spot(struct arena *a, const void *thing, const void *outer);
const void *derive_test_message(struct arena *a, const void *thing, const void *outer);
struct str derive_test_says(struct arena *a, const void *thing);
const void *derive_test_spots(struct arena *a, const void *thing, const void *outer);
struct str derive_check_anchor(struct arena *a, const void *thing);
size_t derive_subject_top_applications(struct arena *a, const void *thing, void **items);
size_t derive_application_top_calls(struct arena *a, const void *thing, void **items);
bool derive_check_tested(const void *thing);
struct str derive_control_anchor(struct arena *a, const void *thing);
struct str derive_control_verdict(struct arena *a, const void *thing);
struct str derive_subject_anchor(struct arena *a, const void *thing);
bool derive_test_is_waived(const void *thing);
bool derive_test_is_known(const void *thing);
bool derive_test_is_expired(const void *thing);
size_t derive_test_top_findings(struct arena *a, const void *thing, void **items);
size_t derive_test_first_finding(struct arena *a, const void *thing, void **items);
size_t derive_test_other_findings(struct arena *a, const void *thing, void **items);
bool derive_test_cut(const void *thing);
bool derive_test_is_pass(const void *thing);
bool derive_test_is_fail(const void *thing);
bool derive_test_is_unknown(const void *thing);
bool derive_test_is_manual(const void *thing);
bool derive_test_is_na(const void *thing);
bool derive_test_is_error(const void *thing);
bool derive_test_open(const void *thing);
bool derive_test_has_reason(const void *thing);
struct str derive_test_name(struct arena *a, const void *thing);
struct str derive_test_anchor(struct arena *a, const void *thing);
struct str derive_cell_summary(struct arena *a, const void *thing);
struct str derive_cell_mark(struct arena *a, const void *thing);
struct str derive_application_anchor(struct arena *a, const void *thing);
struct str derive_application_verdict(struct arena *a, const void *thing);
struct str derive_report_verdict_sentence(struct arena *a, const void *thing);
size_t derive_report_top_calls(struct arena *a, const void *thing, void **items);
size_t derive_report_top_evidence(struct arena *a, const void *thing, void **items);
size_t derive_report_frameworks(struct arena *a, const void *thing, void **items);
bool derive_report_nothing(const void *thing);
bool derive_report_failed(const void *thing);
bool derive_report_undecided(const void *thing);
bool derive_report_passed(const void *thing);
struct str derive_report_date(struct arena *a, const void *thing);
struct str derive_report_evidence_files(struct arena *a, const void *thing);
