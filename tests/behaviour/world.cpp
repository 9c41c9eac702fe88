#include "tests/behaviour/world.hpp"

#include "connectors/stores/memory_store.hpp"
#include "router/known_alert.hpp"
#include "router/projector.hpp"

#include "tests/catch.hpp"

namespace tocsin::tests {

const char* const kPlainSettings = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname], resolve_after: 7d}
channels:
  - {name: phone, type: log}
  - {name: mail, type: log}
  - {name: room, type: log}
people:
  - {name: ada, contacts: {phone: ada}}
  - {name: bob, contacts: {phone: bob}}
  - {name: linus, contacts: {phone: linus}}
default: {page: fallback}
policies:
  - name: escalating
    steps:
      - {page: [{person: ada}], wait: 5m}
      - {page: [{person: ada}, {person: bob}], wait: 10m}
      - {page: [{channel: room}], wait: 10m}
    repeat: 1
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
rules:
  - {name: ours, matchers: ['alertname=~"db-.*"'], severity: critical, impact: Nobody can log in, page: escalating}
  - {name: quiet, matchers: ['alertname="chatter"'], suppress: nobody needs to know}
)";

connectors::Notification Phone::next_of(MessageKind kind, const std::string& text) {
  INFO("the phone of " << owner_ << " should have brought a " << to_string(kind)
                       << " with: " << text);
  const connectors::Notification got = next();
  INFO("it brought a " << to_string(got.kind) << ": " << got.title);
  CHECK(got.kind == kind);
  CHECK(got.title.find(text) != std::string::npos);
  return got;
}

connectors::Notification Phone::next() {
  REQUIRE_FALSE(inbox_.empty());
  connectors::Notification got = std::move(inbox_.front());
  inbox_.pop_front();
  return got;
}

connectors::Notification Phone::expects(const std::string& text) {
  return next_of(MessageKind::page, text);
}
connectors::Notification Phone::expects_resolved(const std::string& text) {
  return next_of(MessageKind::resolved, text);
}

void Phone::silent() const {
  INFO("the phone of " << owner_ << " should be silent; it has " << inbox_.size()
                       << ", first: " << (inbox_.empty() ? "" : inbox_.front().title));
  CHECK(inbox_.empty());
}

Attempt Phone::take(const connectors::Notification& notification) {
  ++attempts_;
  Attempt said = always_.value_or(Attempt::accepted("delivered"));
  if (!answers_.empty()) {
    said = answers_.front();
    answers_.pop_front();
  }
  if (said.outcome == AttemptOutcome::accepted) inbox_.push_back(notification);
  return said;
}

bool HeldRunner::run_one() {
  if (jobs_.empty()) return false;
  const std::function<void()> job = std::move(jobs_.front());
  jobs_.pop_front();
  job();
  return true;
}

struct World::PhoneChannel final : connectors::Channel {
  World& world;
  std::string name;
  PhoneChannel(World& w, std::string n) : world(w), name(std::move(n)) {}

  Attempt deliver(const connectors::Notification& notification, Duration) override {
    const Contact& contact = notification.contact;
    return world.bring(contact.address.empty() ? name : contact.address.str(), notification);
  }
};

struct World::PhoneHook final : connectors::Hook {
  World& world;
  explicit PhoneHook(World& w) : world(w) {}

  Attempt run(const connectors::HookCall& call, Duration) override {
    connectors::Notification heard;
    heard.id = call.id;
    heard.kind = MessageKind::hook;
    heard.title = call.title;
    heard.incident = call.incident;
    heard.why = call.approved_by;
    heard.gameday = call.gameday;
    return world.bring("hook:" + call.hook, heard);
  }
};

Attempt World::bring(const std::string& who, const connectors::Notification& notification) {
  if (on_delivery) on_delivery(who, notification);
  if (const auto said = provider ? provider(who, notification) : std::nullopt) return *said;
  return phone(who).take(notification);
}

// Instead of delivery, and of every gate in it.
struct World::Ungated final : engine::Outbox {
  World& world;
  explicit Ungated(World& w) : world(w) {}

  void start(const engine::AttemptRef& ref) override {
    world.runner.run(ref.channel, [this, ref] { attempt(ref); });
  }
  void attempt(const engine::AttemptRef& ref) {
    const auto view = world.state_->find(ref.incident.text);
    if (!view) return;
    for (const engine::MessageState& message : view->incident.messages) {
      if (message.id != ref.message || message.status != engine::MessageStatus::sending) continue;
      const Instant now = world.clock.now();
      Attempt said;
      if (message.kind == MessageKind::hook)
        said = PhoneHook(world).run(delivery::compose_call(*view, message, {}, now.wall), {});
      else
        said = PhoneChannel(world, message.contact.channel)
                   .deliver(delivery::compose(*view, message, {}, now.wall), {});
      const AttemptResult result{ref.incident, ref.message, ref.attempt, now, said};
      std::vector<Record> records;
      records.push_back(
          world.mint_->record(ref.partition, RecordKind::result, now.wall, encode(result)));
      world.journal->append(ref.partition, std::move(records), [](const journal::Appended&) {});
      return;
    }
  }
};

settings::Settings load_settings(const std::vector<settings::File>& files) {
  const settings::Environment nothing{
      [](const std::string&) { return std::nullopt; },
      [](const std::string&) -> Result<std::string> { return not_found("no files here"); }};
  auto loaded = settings::load(files, vocabulary(), nothing, settings::Unset::fault);
  for (const settings::Fault& fault : loaded.faults) UNSCOPED_INFO(fault.text());
  REQUIRE(loaded.settings);
  return std::move(*loaded.settings);
}

std::shared_ptr<const delivery::Channels> World::channels() {
  auto channels = std::make_shared<delivery::Channels>();
  for (const auto& [name, values] : settings_.channels)
    channels->emplace(name, std::make_unique<PhoneChannel>(*this, name));
  return channels;
}

std::shared_ptr<const delivery::Hooks> World::hooks() {
  auto hooks = std::make_shared<delivery::Hooks>();
  for (const auto& [name, hook] : settings_.hooks)
    hooks->emplace(
        name, delivery::HookOutlet{std::make_unique<PhoneHook>(*this), hook.timeout, hook.gameday});
  return hooks;
}

World::World(const std::string& yaml)
    : World(std::vector<settings::File>{settings::File{"tocsin.yaml", yaml}}) {}

World::World(const std::vector<settings::File>& files, std::size_t segment_records)
    : journal(std::make_unique<journal::MemoryJournal>(16, "simulated", segment_records)),
      settings_(load_settings(files)) {
  start();
}
World::~World() = default;

void World::start() {
  mint_ = std::make_unique<Mint>(++boot_, journal->partitions());
  owner_events_ = std::make_unique<engine::OwnerEvents>();
  delivery_events_ = std::make_unique<delivery::DeliveryEvents>();
  ingest_events_ = std::make_unique<ingest::IngestEvents>();
  state_ = std::make_unique<engine::NodeState>(journal->partitions());
  if (store) restore(*store, *journal, *state_, [](const std::string& why) { UNSCOPED_INFO(why); });
  const auto links = [this](const engine::IncidentView& view, const engine::MessageState& message,
                            WallTime now) {
    if (make_links) return make_links(view, message, now);
    delivery::Links made;
    if (!view.bundle && message.kind != MessageKind::on_call)
      made.acknowledge_url =
          "http://tocsin/p/" + view.incident.id.text + "/" + message.contact.person;
    if (view.bundle)
      for (const auto& each : view.bundle->named)
        made.bundled.push_back("http://tocsin/p/" + each.incident.text);
    made.console_url = "http://tocsin/";
    made.incident_json = "{}";
    return made;
  };
  delivery_ = std::make_unique<delivery::Delivery>(*state_, *journal, clock, *mint_, runner, links,
                                                   *delivery_events_);
  delivery_->replace(channels());
  delivery_->replace(hooks());
  ungated_ = std::make_unique<Ungated>(*this);
  engine::Outbox& outbox = ungated ? *ungated_ : static_cast<engine::Outbox&>(*delivery_);
  owner_ = std::make_unique<engine::Owner>(*journal, clock, *mint_, *state_,
                                           make_configuration(settings_), outbox, *owner_events_,
                                           engine::OwnerExtras{black_box, decide});
  ingest_ = std::make_unique<ingest::Ingest>(
      *journal, clock, *mint_, *ingest_events_,
      [this](Partition partition, const std::string& integration, const Alert& alert) {
        return state_->resend_of(partition, integration, alert);
      },
      ingest::Fetch{}, ingest::List{}, ingest::LookUp{}, ingest::UndecidedOf{},
      [this](Partition partition, const std::string& integration, const std::string& key) {
        return firing_word(*state_, partition, integration, key);
      });
  ingest_->replace(make_integrations(settings_));
  REQUIRE(owner_->replay());
}

void World::stop() {
  runner.drop_all();
  ingest_.reset();
  owner_.reset();
  delivery_.reset();
}

void World::crash() {
  stop();
  start();
  settle();
}

std::vector<store::Snapshot> World::snapshots() const {
  std::vector<store::Snapshot> all;
  for (Partition p = 0; p < journal->partitions(); ++p)
    all.push_back({p, state_->settled(p), state_->encoded(p).body});
  return all;
}

void World::crash_and_restore(const std::vector<store::Snapshot>& snapshots) {
  stop();
  store = std::make_unique<store::MemoryStore>();
  REQUIRE(store->save({}, snapshots));
  start();
  settle();
}

void World::change_people(const std::function<void(oncall::Directory&)>& change) {
  change(settings_.directory);
  owner_->reconfigure(make_configuration(settings_));
  settle();
}

void World::reload(const std::string& yaml) {
  reload(std::vector<settings::File>{{"tocsin.yaml", yaml}});
}

void World::reload(const std::vector<settings::File>& files) {
  settings_ = load_settings(files);
  delivery_->replace(channels());
  delivery_->replace(hooks());
  ingest_->replace(make_integrations(settings_));
  owner_->reconfigure(make_configuration(settings_));
  settle();
}

int World::post(const std::string& body, const std::string& key) {
  HttpRequest request;
  request.method = "POST";
  request.path = "/api/v2/alerts";
  request.headers = {{"authorization", "Bearer " + key}};
  request.body = body;
  request.received = clock.now();
  // Shared: while the journal holds its appends, the answer comes after this returns.
  const auto status = std::make_shared<int>(0);
  ingest_->take(std::move(request), {connectors::find_source("prometheus"), {}},
                [status](const HttpResponse& response) { *status = response.status; });
  settle();
  return *status;
}

int World::send(const std::string& integration, const std::string& key, const std::string& body) {
  HttpRequest request;
  request.method = "POST";
  request.headers = {{"authorization", "Bearer " + key}};
  request.body = body;
  request.received = clock.now();
  const auto status = std::make_shared<int>(0);
  ingest_->take(request, {nullptr, integration, ""},
                [status](const HttpResponse& response) { *status = response.status; });
  settle();
  return *status;
}

namespace {

std::string json_map(const Labels& map) {
  std::string out;
  for (const auto& [name, value] : map)
    out += (out.empty() ? "" : ",") + ("\"" + name + "\":\"" + value + "\"");
  return "{" + out + "}";
}

}  // namespace

std::string prometheus_body(Labels labels, const std::string& alertname, const Labels& annotations,
                            WallTime ends_at) {
  labels["alertname"] = alertname;
  return "[{\"labels\":" + json_map(labels) + ",\"annotations\":" + json_map(annotations) +
         ",\"startsAt\":\"2026-11-22T01:00:00.000Z\",\"endsAt\":\"" + format_rfc3339(ends_at) +
         "\",\"generatorURL\":\"\"}]";
}

int World::fire(const std::string& alertname, Labels labels, Labels annotations) {
  return post(prometheus_body(std::move(labels), alertname, annotations,
                              clock.now().wall + std::chrono::minutes(4)),
              sender_key);
}

int World::resolve(const std::string& alertname, Labels labels) {
  return post(
      prometheus_body(std::move(labels), alertname, {}, clock.now().wall - std::chrono::seconds(1)),
      sender_key);
}

void World::settle() {
  // Each round is a step of the owner and everything it handed out; bounded, since a loop here
  // would be a storm there.
  for (int round = 0; round < 10'000; ++round) {
    owner_->run();
    bool ran = false;
    while (!hold_attempts && runner.run_one()) ran = true;
    if (!ran) {
      delivery_->record_again();
      return;
    }
  }
  FAIL("the world does not come to rest");
}

void World::advance(Duration by) {
  const Duration end = clock.now().elapsed + by;
  while (clock.now().elapsed < end) {
    const Duration rest = owner_->run();
    clock.advance(
        std::clamp<Duration>(rest, std::chrono::milliseconds(1), end - clock.now().elapsed));
    settle();
  }
}

Phone& World::phone(const std::string& owner) {
  return phones_.try_emplace(owner, owner).first->second;
}

std::vector<engine::IncidentView> World::incidents() const {
  return owner_->state().list({}).incidents;
}

engine::IncidentView World::incident() const {
  auto all = incidents();
  REQUIRE(all.size() == 1);
  return all.front();
}

}  // namespace tocsin::tests
