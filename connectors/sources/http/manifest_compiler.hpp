// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/manifest.hpp"
#include "connectors/sources/mapping/record_compiler.hpp"
#include "connectors/sources/mapping/toml_table.hpp"

#include <map>
#include <set>

namespace nudged::sources {

/// Turns the tables of a manifest into the plan. Parts of it stand in manifest.cpp,
/// manifest_limits.cpp, manifest_requests.cpp, manifest_streams.cpp and manifest_lanes.cpp, in the
/// order of a manifest.
class ManifestCompiler {
public:
    ManifestCompiler(const SourceOptions& source, Diagnostics& problems);
    Manifest compile(const toml::table& table, const std::string& file);

private:
    // manifest.cpp
    void read_settings(TomlTable& top);
    void read_connector(TomlTable& top);
    WindowRules read_window(TomlTable& table, WindowRules rules);
    void check_wanted_streams();
    /// A text in which settings may stand, and nothing else.
    std::string plain(TomlTable& table, std::string_view key, const std::string& otherwise = {});
    std::chrono::milliseconds duration(TomlTable& table, std::string_view key,
                                       std::chrono::milliseconds otherwise);

    // manifest_auth.cpp
    void read_auth(TomlTable& top);
    AuthPlan read_scheme(TomlTable& table);
    void read_auth_headers(TomlTable& table, AuthPlan& plan);
    void read_assertion(TomlTable& table, AuthPlan& plan);
    void read_login(TomlTable& table, AuthPlan& plan);
    std::optional<BasicPlan> read_basic(TomlTable& table, AuthPlan& plan,
                                        const std::set<std::string>& known);
    NamedTemplates read_auth_templates(TomlTable& table, std::string_view key, AuthPlan& plan,
                                       const std::set<std::string>& known);
    FormPlan read_auth_form(TomlTable& table, AuthPlan& plan, const std::set<std::string>& known);
    void note_names(TomlTable& table, std::string_view key, const BodyTemplate& body,
                    AuthPlan& plan, const std::set<std::string>& known);
    /// What a text names must be known, or a credential, which the plan then needs.
    void note_names(TomlTable& table, std::string_view key, const Template& text, AuthPlan& plan,
                    const std::set<std::string>& known);
    /// The way to authenticate that fits what the source gives.
    void choose_scheme();
    std::vector<const AuthPlan*> fitting_schemes() const;
    void check_credentials(const AuthPlan& plan);
    void note_request_names(AuthPlan& plan);
    void check_request_names();

    // manifest_token.cpp
    void read_token_step(TomlTable& table, bool is_last, AuthPlan& plan);
    void read_derived(TomlTable& table, AuthPlan& plan, TokenStep& step,
                      std::set<std::string>& known);
    void read_token_answer(TomlTable& table, bool is_last, AuthPlan& plan, TokenStep& step);
    void read_base_url(TomlTable& table, TokenStep& step);
    void read_taken(TomlTable& values, TokenStep& step);
    std::string read_token_url(TomlTable& table, std::string_view key);

    // manifest_limits.cpp
    void read_limiters(TomlTable& top);
    void read_quota(TomlTable& table, LimiterPlan& limiter);
    double read_capacity(TomlTable& table);
    void read_feedback(TomlTable& table, LimiterPlan& limiter);
    void read_retry(TomlTable& top);
    /// Tables of an error table, wherever it stands.
    std::vector<ErrorRule> read_error_rules(TomlTable& top, std::string_view key);
    ErrorRule read_error_rule(TomlTable& table);
    ErrorMatch read_match(TomlTable& match);
    void read_throttle(TomlTable& table, ErrorRule& rule);

    // manifest_requests.cpp
    void read_requests(TomlTable& top);
    RequestPlan read_request(const std::string& name, TomlTable table);
    void read_method(TomlTable& table, RequestPlan& request);
    void read_bodies(TomlTable& table, RequestPlan& request);
    std::optional<FieldNames> read_field_names(TomlTable& table);
    void read_pager(TomlTable& table, RequestPlan& request);
    void check_pager(const TomlTable& table, const RequestPlan& request);
    void read_rest(TomlTable& table, RequestPlan& request);
    void connect_rests();
    void read_echo(TomlTable& table, RequestPlan& request);
    void read_limiter_uses(TomlTable& table, RequestPlan& request);
    std::vector<std::pair<std::string, Template>> read_templates(TomlTable& table,
                                                                 std::string_view key);
    BodyTemplate read_body(const toml::node& node, const std::string& file);
    Template read_template(std::string_view text, const Place& place);
    /// The keys `request` and `with` of whatever makes a call; `given` is what the caller adds, and
    /// `inherited` what its stream says already.
    Call read_call(TomlTable& table, const Variables& inherited, std::set<std::string> given,
                   const std::vector<json::Path>& read_places,
                   const std::string& usual_request = {}, std::string_view key = "request");
    Variables read_with(TomlTable& table);
    /// Adds what is read of the answer to the call's {fields}, where its request lists any.
    void ask_for_fields(Call& call, const std::vector<json::Path>& places) const;

    // manifest_answers.cpp
    void read_nulls(TomlTable& connector);
    void read_shape(TomlTable& table, RequestPlan& request);
    void read_lookups(TomlTable& top);
    void connect_lookups();
    LookupPlan read_lookup(const std::string& name, TomlTable table);

    // scopes.cpp
    ScopePlan read_scopes(TomlTable& top);

    // manifest_streams.cpp
    void read_streams(TomlTable& top);
    std::optional<StreamPlan> read_stream(const std::string& name, TomlTable table);
    bool is_enabled(TomlTable& table);
    void read_feeding(TomlTable& table, StreamPlan& stream);
    void connect_feeds(TomlTable& top);
    void ask_for_fed_fields(StreamPlan& feeder, const RecordPlan& fed) const;
    WalkPlan read_walk(TomlTable& table, const Variables& inherited, const RecordPlan& record,
                       WalkKind usual, const std::set<std::string>& also_given = {});
    std::optional<WalkKind> read_walk_kind(TomlTable& table, WalkKind usual);
    json::Path records_of(TomlTable& table, const Call& call);
    void check_fields(TomlTable& top, const StreamPlan& stream) const;
    void check_walk(TomlTable& table, const StreamPlan& stream);
    void check_reach(const TomlTable& table, const StreamPlan& stream) const;
    void check_own_id(const StreamPlan& stream) const;

    // manifest_lanes.cpp
    void read_joins(TomlTable& table, StreamPlan& stream);
    void read_history(TomlTable& table, StreamPlan& stream);
    static std::vector<json::Path> read_past_fields(TomlTable& history, const StreamPlan& stream,
                                                    HistoryPlan& plan);
    void read_backfill(TomlTable& table, StreamPlan& stream);
    JobPlan read_job(TomlTable& job, TomlTable& backfill, const StreamPlan& stream);
    void read_deleted(TomlTable& table, StreamPlan& stream);
    void read_sweep(TomlTable& table, StreamPlan& stream);
    void read_relink(TomlTable& table, StreamPlan& stream);
    void check_bounds(const TomlTable& table, const WalkPlan& walk) const;
    void check_ahead(const TomlTable& table, const WalkPlan& walk) const;
    void read_absent(TomlTable& table, StreamPlan& stream);
    void read_by_id(TomlTable& table, StreamPlan& stream);
    void read_of_each(TomlTable& table, StreamPlan& stream);
    void read_describe(TomlTable& table, StreamPlan& stream);  // manifest_describe.cpp
    std::size_t batch(TomlTable& table, std::int64_t otherwise);
    /// What the stream gives to the requests beside its own.
    static Variables arguments_of(const StreamPlan& stream);

    const SourceOptions& source_;
    const HttpSourceOptions& options_;
    bool has_notes_ = false;  // a stream of them, whether or not it is read
    Diagnostics& problems_;
    Settings settings_;
    std::map<std::string, std::size_t> limiters_;
    std::map<std::string, std::size_t> requests_;
    WindowRules window_;  // what [window] says for all streams
    std::vector<AuthPlan> schemes_;
    RecordCompiler records_;
    Manifest manifest_;
};

}  // namespace nudged::sources
