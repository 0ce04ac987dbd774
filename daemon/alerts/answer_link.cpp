// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/answer_link.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace nudged::alerts {
namespace {

constexpr std::array<std::string_view, 3> action_names{"acknowledge", "snooze", "dispute"};
constexpr std::string_view version = "1";
constexpr std::size_t parts_of_claim = 6;

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string padded{text};
    std::replace(padded.begin(), padded.end(), '-', '+');
    std::replace(padded.begin(), padded.end(), '_', '/');
    padded.append((4 - padded.size() % 4) % 4, '=');
    return crypto::from_base64(padded);
}

/// In a time that does not tell how much of it is right.
bool is_same(std::string_view one, std::string_view other) {
    if (one.size() != other.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < one.size(); ++i)
        difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
    return difference == 0;
}

}  // namespace

std::string_view to_string(LinkAction action) {
    return action_names[static_cast<std::size_t>(action)];
}

LinkSigner::LinkSigner(std::string key, std::string public_url, std::chrono::days lasts)
    : key_(std::move(key)), public_url_(std::move(public_url)), lasts_(lasts) {}

std::string LinkSigner::signature(std::string_view body) const {
    return crypto::base64url(
        crypto::hmac(crypto::Digest::sha256, key_, fmt::format("nudged answer link\n{}", body)));
}

LinkClaim LinkSigner::claim(LinkAction action, std::string fingerprint, int episode,
                            std::string person, Instant now) const {
    return {action, std::move(fingerprint), episode, std::move(person),
            std::chrono::floor<std::chrono::seconds>(now) + lasts_};
}

std::string LinkSigner::url(const LinkClaim& claim) const {
    const auto body = crypto::base64url(
        fmt::format("{}|{}|{}|{}|{}|{}", version, to_string(claim.action), claim.fingerprint,
                    claim.episode, to_millis(claim.expires_at), claim.person));
    return fmt::format("{}{}{}.{}", public_url_, link_path, body, signature(body));
}

std::optional<LinkClaim> LinkSigner::open(std::string_view token, Instant now) const {
    constexpr std::size_t longest = 1024;
    const auto dot = token.find('.');
    if (token.size() > longest || dot == token.npos) return std::nullopt;
    const auto body = token.substr(0, dot);
    if (!is_same(token.substr(dot + 1), signature(body))) return std::nullopt;
    const auto claim = from_base64url(body);
    if (!claim) return std::nullopt;
    const auto parts = split(*claim, '|');
    if (parts.size() != parts_of_claim || parts[0] != version) return std::nullopt;
    const auto* action = std::find(action_names.begin(), action_names.end(), parts[1]);
    const auto episode = number_of<int>(parts[3]);
    const auto expires = number_of<std::int64_t>(parts[4]);
    if (action == action_names.end() || !episode || !expires) return std::nullopt;
    LinkClaim opened{static_cast<LinkAction>(action - action_names.begin()), std::string{parts[2]},
                     *episode, std::string{parts[5]}, from_millis(*expires)};
    if (opened.expires_at <= now) return std::nullopt;
    return opened;
}

void add_links(model::Message& message, const LinkScene& scene, MayAnswer may) {
    if (message.recipient.empty()) return;
    const auto& [signer, by_id, texts, now] = scene;
    const std::array<std::pair<LinkAction, std::string>, 3> offers{
        {{LinkAction::acknowledge, texts.fill("link.acknowledge")},
         {LinkAction::snooze, texts.fill("link.snooze")},
         {LinkAction::dispute, texts.fill("link.dispute")}}};
    for (auto& section : message.sections)
        for (auto& item : section.items) {
            // By its value: what the fact is called is for the language of the message to say.
            const auto id =
                std::find_if(item.facts.begin(), item.facts.end(), [&](const auto& fact) {
                    return fact.url.empty() && scene.by_id.contains(fact.value);
                });
            if (id == item.facts.end()) continue;
            const auto linked = by_id.at(id->value);
            for (const auto& [action, label] : offers) {
                if (may == MayAnswer::that_it_is_wrong && action != LinkAction::dispute) continue;
                const auto claim = signer.claim(action, linked.fingerprint, linked.episode,
                                                message.recipient, now);
                item.facts.push_back({"", label, signer.url(claim), true});
            }
        }
}

void remove_links(model::Message::Item& item) {
    item.answers.clear();
    std::erase_if(item.facts, [](const auto& fact) {
        return fact.label.empty() && fact.url.find(link_path) != std::string::npos;
    });
}

}  // namespace nudged::alerts
