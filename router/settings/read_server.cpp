// server, store and default: what the service is, each once.
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

/// What links begin with, so nothing may be asked or pointed at yet.
bool is_base_address(std::string_view text) {
  return is_web_address(text) && text.find_first_of("?#") == std::string_view::npos;
}

void read_base_address(const Section& section, std::string_view key, const std::string& example,
                       std::string& address) {
  const auto value = section.find(key);
  const auto text = value ? value->some_text() : std::nullopt;
  if (!text || text->placeholder) return;
  if (!is_base_address(text->value)) value->fault("not a web address; write e.g. " + example);
  address = text->value;
  while (address.ends_with('/')) address.pop_back();
}

void read_address(const Section& section, Server& server) {
  if (const auto value = section.find("listen")) {
    if (const auto text = value->some_text(); text && !text->placeholder) {
      if (!is_host_and_port(text->value))
        value->fault("not HOST:PORT; write e.g. 127.0.0.1:8321, or \"[::1]:8321\"");
      server.listen = text->value;
    }
  }
  read_base_address(section, "external_url", "https://tocsin.example.com", server.external_url);
  read_base_address(section, "node_url", "http://node-1.example.com:8321", server.node_url);
}

bool is_loopback(std::string_view listen) {
  const std::string_view host = listen.substr(0, listen.rfind(':'));
  return host.starts_with("127.") || host == "localhost" || host == "[::1]";
}

/// Whoever is paged elsewhere would open a link to their own machine.
void note_local_links(const Section& section, const Server& server) {
  const auto listen = section.find("listen");
  if (!listen || section.find("external_url") || is_loopback(server.listen)) return;
  listen->note("it can be reached from other machines, but links in pages start with " +
               server.external_url +
               "; write external_url: and the address that people reach it by");
}

Role role_named(std::string_view name) {
  return name == "admin" ? Role::admin : name == "responder" ? Role::responder : Role::viewer;
}

void read_token(const Value& value, std::map<std::string, std::string>& owners, Draft& draft) {
  const auto section = Section::open(value, kToken);
  if (!section) return;
  Token token;
  if (const auto name = section->require("name", "say whose it is")) {
    if (const auto word = name->name()) {
      token.name = *word;
      draft.names.define(Noun::token, *word, name->place(), draft.report);
    }
  }
  if (const auto role = section->require("role", "choose viewer, responder or admin"))
    if (const auto word = read_choice(*role, "role", {"viewer", "responder", "admin"}))
      token.role = role_named(*word);
  if (const auto secret = section->require("token", "write e.g. token: \"${TOCSIN_OPS_TOKEN}\"")) {
    if (const auto text = read_secret(*secret)) {
      token.token = text->value;
      const auto [first, is_new] = owners.emplace(text->value, token.name);
      if (!is_new)
        secret->fault("the same as the token of " + shown(first->second) +
                      "; a token alone says who it is, so give each its own");
    }
  }
  draft.settings.server.tokens.push_back(std::move(token));
}

void read_prefix(const Value& value, std::string& prefix) {
  const auto text = value.some_text();
  if (!text || text->placeholder) return;
  const auto fits = [](char c) { return c > ' ' && c <= '~'; };
  if (text->value.size() > kMostStorePrefixBytes ||
      !std::all_of(text->value.begin(), text->value.end(), fits))
    value.fault("1 to " + std::to_string(kMostStorePrefixBytes) +
                " printable characters without blanks; write e.g. \"tocsin:\"");
  prefix = text->value;
}

}  // namespace

void read_server(const Value& value, Draft& draft) {
  const auto section = Section::open(value, kServer);
  if (!section) return;
  Server& server = draft.settings.server;
  read_address(*section, server);
  note_local_links(*section, server);
  draft.node_url_seen = section->find("node_url").has_value();
  draft.secret_seen = section->find("secret").has_value();
  if (const auto secret = section->find("secret"))
    if (auto text = read_secret(*secret); text && !text->placeholder)
      server.secret = std::move(text->value);
  if (const auto tokens = section->find("tokens")) {
    std::map<std::string, std::string> owners;
    for (const Value& token : tokens->list()) read_token(token, owners, draft);
  }
}

void read_store(const Value& value, Draft& draft) {
  const auto section = Section::open(value, kStore);
  if (!section) return;
  StoreSettings& store = draft.settings.store;
  if (const auto type = section->find("type"))
    if (const auto word = read_choice(*type, "store type", {"redis", "sqlite"})) store.type = *word;
  const bool redis = store.type == "redis";
  const std::string others = redis ? "of sqlite; leave it out, or write type: sqlite"
                                   : "of redis; leave it out, or write type: redis";
  if (redis) {
    if (const auto path = section->find("path")) path->fault(others);
    const auto url = section->require("url", "write e.g. url: \"redis://127.0.0.1:6379/0\"");
    if (url) read_redis_url(*url, store.redis);
    if (const auto prefix = section->find("prefix")) read_prefix(*prefix, store.prefix);
    return;
  }
  for (const char* key : {"url", "prefix"})
    if (const auto value_of_redis = section->find(key)) value_of_redis->fault(others);
  if (const auto path = section->find("path")) {
    read_path_below_data(*path, "store.db", store.path);
    // The journal's directory is the journal's alone.
    const std::string journal = draft.settings.journal.path + "/";
    if ((store.path + "/").starts_with(journal) || journal.starts_with(store.path + "/"))
      path->fault("within journal.path or the other way round; write e.g. store.db");
  }
}

void read_default(const Value& value, Draft& draft) {
  draft.default_seen = true;
  const auto section = Section::open(value, kDefault);
  if (!section) return;
  const auto page = section->require("page", "name the policy for alerts that no rule claims");
  if (!page) return;
  if (const auto policy = page->word()) {
    draft.settings.default_policy = *policy;
    draft.default_page = page->place();
    draft.names.refer(Noun::policy, *policy, page->place());
  }
}

}  // namespace tocsin::settings
