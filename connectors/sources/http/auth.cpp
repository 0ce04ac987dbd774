// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/auth.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/http/auth_assertion.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using namespace std::chrono_literals;

constexpr auto refusal_lasts = 1h;  // hammering a dead log-in can lock the account
constexpr auto early_pause = 30s;   // between early renewals that fail

/// Marks a round as under way, whatever ends it.
class Flight {
public:
    Flight(bool& flying, asio::steady_timer& landed) : flying_(flying), landed_(landed) {
        flying_ = true;
    }
    ~Flight() {
        flying_ = false;
        landed_.cancel();
    }
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;

private:
    bool& flying_;
    asio::steady_timer& landed_;
};

}  // namespace

Authenticator::Authenticator(std::shared_ptr<const Manifest> manifest, std::string source,
                             Credentials credentials, const SourceContext& context)
    : manifest_(std::move(manifest)),
      plan_(manifest_->auth),
      source_(std::move(source)),
      credentials_(std::move(credentials)),
      context_(context),
      exchange_(*manifest_, context),
      store_(context.tokens, source_),
      session_of_(session_fingerprint(*manifest_, credentials_)) {
    if (is_renewable()) return;
    auto fixed = std::make_shared<Session>();
    fixed->variables = plan_.stand_ins;
    fixed->variables.merge(variables_of(credentials_));
    fixed->base_url = manifest_->base_url;
    current_ = std::move(fixed);
}

std::string Authenticator::remedy() const {
    if (plan_.login) return fmt::format("; run `nudged source login {}`", source_);
    return "; give the source a new credential";
}

void Authenticator::add_headers(const Session& session, net::Headers& headers) const {
    if (plan_.basic)
        headers.emplace_back("Authorization", basic_header(*plan_.basic, session.variables));
    for (const auto& [name, value] : plan_.headers)
        if (const auto text = value.text(session.variables)) headers.emplace_back(name, *text);
}

bool Authenticator::is_good(const SessionPtr& session, const SessionPtr& refused) const {
    const auto now = context_.clock();
    if (!session || now >= session->expires_at) return false;
    if (refused) return session->number != refused->number;
    return now < session->renew_at || now < early_again_;
}

bool Authenticator::can_go_on(const SessionPtr& refused) const {
    return !refused && current_ && context_.clock() < current_->expires_at;
}

asio::awaitable<SessionPtr> Authenticator::session() {
    const SessionPtr nobody_refused;
    co_return co_await obtain(nobody_refused);
}

asio::awaitable<SessionPtr> Authenticator::renew(SessionPtr refused) {
    const bool is_hopeless =
        !is_renewable() || (refused->was_forced && accepted_ != refused->number);
    if (is_hopeless && current_ && current_->number == refused->number)
        throw Failure(
            FailureKind::needs_person,
            fmt::format("the credentials are refused, just issued ones, too{}", remedy()));
    co_return co_await obtain(refused);
}

asio::awaitable<void> Authenticator::until_landed() {
    boost::system::error_code ended;
    co_await landed_->async_wait(asio::redirect_error(asio::use_awaitable, ended));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
}

asio::awaitable<SessionPtr> Authenticator::obtain(SessionPtr refused) {
    if (is_good(current_, refused)) co_return current_;
    const auto loop = co_await asio::this_coro::executor;
    if (!landed_) landed_.emplace(loop, asio::steady_timer::time_point::max());
    while (flying_) {
        co_await until_landed();
        if (is_good(current_, refused)) co_return current_;
        if (!flying_ && failed_) throw Failure{*failed_};
    }
    const auto now = context_.clock();
    if (failed_ && now < not_before_) {
        if (can_go_on(refused)) co_return current_;
        throw Failure(failed_->kind(), failed_->what(), not_before_ - now);
    }
    failed_.reset();
    try {
        const Flight flight(flying_, *landed_);
        // Whoever is cancelled while he waits for his turn has spent nothing yet.
        const auto lock = co_await lock_tokens(store_, context_.workers);
        auto work = fly(refused);
        const asio::cancellation_slot none;
        co_await asio::co_spawn(loop, std::move(work),
                                asio::bind_cancellation_slot(none, asio::use_awaitable));
    } catch (const Failure& failure) {
        failed_ = failure;
    }
    if (!failed_) co_return current_;
    if (failed_->kind() == FailureKind::throttled)
        not_before_ = context_.clock() + failed_->retry_after().value_or(0ms);
    if (can_go_on(refused)) {
        const bool may_pass = failed_->kind() != FailureKind::needs_person;
        early_again_ = context_.clock() + (may_pass ? early_pause : refusal_lasts);
        co_return current_;
    }
    throw Failure{*failed_};
}

asio::awaitable<std::optional<StoredTokens>> Authenticator::read_stored() {
    if (context_.tokens.path.empty()) co_return kept_;
    std::optional<StoredTokens> stored;
    try {
        stored = co_await on(context_.workers, [this] { return store_.read(); });
    } catch (const Failure& failure) {
        // Without a refresh token the file holds nothing that cannot be had again.
        if (plan_.uses_refresh_token || failure.kind() != FailureKind::needs_person) throw;
    }
    co_return stored;
}

asio::awaitable<void> Authenticator::store(StoredTokens tokens) {
    unwritten_ = std::move(tokens);
    kept_ = unwritten_;
    co_await on(context_.workers, [this] { store_.write(*unwritten_); });
    unwritten_.reset();
}

bool Authenticator::serves(const StoredTokens& stored, const SessionPtr& refused) const {
    const bool is_refused = refused && refused->values == stored.values;
    return !stored.values.empty() && stored.session_of == session_of_ && !is_refused &&
           context_.clock() < stored.expires_at;
}

void Authenticator::check_refusal(const StoredTokens& stored) const {
    const auto age = context_.clock() - stored.refused_at;
    if (stored.refused.empty() || stored.session_of != session_of_ || age < 0ms ||
        age >= refusal_lasts)
        return;
    // A refresh token that has been configured since supersedes the refused one.
    if (!refresh_fingerprint(credentials_).empty() &&
        stored.refresh_of != refresh_fingerprint(credentials_))
        return;
    throw TokenRefused(stored.refused + remedy());
}

void Authenticator::adopt(const StoredTokens& stored, bool was_forced) {
    auto session = std::make_shared<Session>();
    session->variables = variables_of(credentials_);
    session->values = stored.values;
    for (const auto& [name, value] : stored.values)
        session->variables[fmt::format("{}{}", auth_prefix, name)] = value;
    session->base_url = stored.base_url.empty() ? manifest_->base_url : stored.base_url;
    session->expires_at = stored.expires_at;
    session->renew_at = stored.refused.empty() ? renewal_of(stored.issued_at, stored.expires_at)
                                               : stored.expires_at;
    session->number = current_ ? current_->number + 1 : 1;
    session->was_forced = was_forced;
    current_ = std::move(session);
}

asio::awaitable<void> Authenticator::fly(SessionPtr refused) {
    if (unwritten_) {
        auto late = std::move(*unwritten_);
        co_await store(std::move(late));
    }
    auto stored = co_await read_stored();
    if (stored && serves(*stored, refused)) {
        // Even where it is to be renewed: it is used to its end if it cannot be.
        const bool is_known = current_ && current_->values == stored->values;
        if (!is_known || !stored->refused.empty()) adopt(*stored, false);
        if (refused || context_.clock() < current_->renew_at) co_return;
    }
    if (stored) check_refusal(*stored);
    std::optional<TokenRefused> refusal;
    StoredTokens made;
    try {
        made = co_await ask_server(stored);
        if (!made.refused.empty()) refusal.emplace(made.refused);
    } catch (const TokenRefused& failure) {
        refusal.emplace(failure);
        made = stored.value_or(StoredTokens{});
        auto newest = newest_refresh_token(*manifest_, credentials_, stored);
        keep_refresh_token(made, std::move(newest), *manifest_, credentials_);
        if (!serves(made, refused)) made.values.clear();
        made.session_of = session_of_;
        made.refused = failure.what();
        made.refused_at = context_.clock();
    }
    co_await store(made);
    if (refusal) throw TokenRefused(refusal->what() + remedy());
    adopt(made, refused != nullptr);
}

asio::awaitable<Variables> Authenticator::variables_for(const StoredTokens& so_far) {
    constexpr std::size_t nonce_bytes = 16;
    auto variables = variables_of(credentials_);
    const auto now = context_.clock();
    variables["auth.nonce"] = crypto::hex(crypto::random_bytes(nonce_bytes));
    variables["auth.now"] = now;
    if (!so_far.refresh_token.empty()) variables["auth.refresh_token"] = so_far.refresh_token;
    for (const auto& [name, value] : so_far.values)
        variables[fmt::format("{}{}", auth_prefix, name)] = value;
    if (plan_.assertion) {
        auto assertion = co_await on(context_.workers, [&] {
            return make_assertion(*plan_.assertion, credentials_, variables, now);
        });
        variables["auth.assertion"] = std::move(assertion);
    }
    co_return variables;
}

/// All steps, one after the other; each knows what those before it have given. A refresh token is
/// in the store, and in `stored`, before the next step may fail.
asio::awaitable<StoredTokens> Authenticator::ask_server(std::optional<StoredTokens>& stored) {
    StoredTokens made;
    auto newest = newest_refresh_token(*manifest_, credentials_, stored);
    keep_refresh_token(made, std::move(newest), *manifest_, credentials_);
    made.session_of = session_of_;
    made.issued_at = context_.clock();
    if (plan_.uses_refresh_token && made.refresh_token.empty())
        throw Failure(FailureKind::needs_person,
                      fmt::format("there is no refresh token yet{}", remedy()));
    // RFC 6749 §6: what a renewal does not say of the scope has stayed as it was.
    if (stored && plan_.uses_refresh_token && stored->refresh_token == made.refresh_token)
        made.scope = stored->scope;
    std::optional<std::chrono::milliseconds> life;
    for (const auto& step : plan_.steps) {
        auto variables = co_await variables_for(made);
        const auto grant = co_await exchange_.ask(step, std::move(variables));
        for (const auto& [name, value] : grant.values) made.values[name] = value;
        const bool may_pass = grant.problem && grant.problem->kind() != FailureKind::needs_person;
        if (!grant.refresh_token.empty()) {
            made.refresh_token = grant.refresh_token;
            const bool is_last = &step == &plan_.steps.back();
            if (!is_last || may_pass) {
                if (!stored) stored.emplace();
                stored->refused.clear();
                keep_refresh_token(*stored, grant.refresh_token, *manifest_, credentials_);
                auto kept = *stored;
                co_await store(std::move(kept));
            }
        }
        if (may_pass) throw Failure{*grant.problem};
        if (!grant.base_url.empty()) made.base_url = grant.base_url;
        if (!grant.scope.empty()) made.scope = grant.scope;
        if (grant.life) life = std::min(grant.life.value(), life.value_or(*grant.life));
        if (grant.problem) made.refused = grant.problem->what();
    }
    made.expires_at = made.issued_at + life.value_or(usual_token_life);
    if (made.refused.empty()) co_return made;
    made.refused_at = context_.clock();
    made.values.clear();
    co_return made;
}

}  // namespace nudged::sources
