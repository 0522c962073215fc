/** A scenario to begin with: `kplan breakeven -f kplan.yaml` answers it as it stands. */
export const TEMPLATE = `# yaml-language-server: $schema=node_modules/kplan/dist/schemas/scenario.schema.json
#
# A scenario of kplan. Ask it with any command:
#
#   kplan advise -f kplan.yaml         host, buy from an API, or both?
#   kplan breakeven -f kplan.yaml      when is self-hosting cheaper than the API?
#   kplan cost -f kplan.yaml           what does this traffic cost everywhere?
#   kplan size -f kplan.yaml           how many replicas for these users and service levels?
#   kplan fit -f kplan.yaml            does the model fit?
#
# Each field stands for an option of the same meaning; one that is typed beats the file.
# A number may be uncertain: 3.2..4.5, normal(10..20), lognormal(2..8), triangular(1, 2, 4).
# A value that begins with = is a formula over the variables: + - * / % ^, comparisons, and or not, c ? a : b (in quotes),
# min max ceil floor round abs sqrt log log2 log10 exp pow, and units (token request USD GPU instance hour day month year s ms
# kW kWh GB GiB). Neither a day nor a month is so many hours: 22 day/month * 8 hour/day is 176 hour/month.

kplan: 1 # version of this format
name: 40 developers
# description: Who asks, and what is to be decided.

variables:
  developers: 40
  requestsPerHour: 60..120 # each value between is equally likely
  daysPerMonth: 22
  hoursPerDay: 4 # in which a developer keeps an agent busy

model: kimi-k2.7-code # \`kplan data models\`, or ./config.json, or hf:owner/name

candidates: [h200:8, b200:8] # GPU type and count, \`kplan data gpus\`

# budget: 4000/month # for \`kplan advise\`: USD

# deployment:
#   engine: vllm # or vllm@VERSION, sglang
#   format: int4 # checkpoint; default: the native one
#   kvCacheDtype: bf16
#   tp: 8 # layout; default: the best that fits

workload:
  preset: agentic-coding # \`kplan data workloads\`, or FILE.json of \`kplan import workload\`
  users: =developers
  requestsPerUserHour: =requestsPerHour * 1 request/hour
  activeHours: =daysPerMonth * hoursPerDay * 1 hour/month
  # tokensPerMonth: 20e9 # instead of users
  # reuse: 0.85..0.95 # share of input found in the KV cache; default: of the preset

# levels: # for \`kplan size\`
#   ttft: { p95: 5s }
#   tpot: { p95: 60ms }

fleet:
  purchase: [on-demand] # spot, reserved-1y, reserved-3y, owned
  spare: 0 # 1 is N+1
  # maxLoad: 0.8
  # maxTpot: 50 # milliseconds

# api:
#   tariffs: [] # \`kplan data tariffs\`; default: list price and cheapest host

# ownership: # with purchase: [owned]
#   preset: default # \`kplan data ownership\`
#   capex: 350000 # of one machine, USD
#   usdPerKwh: 0.12

# time: # the months to come
#   months: 36
#   apiTrend: -30..0%/year # \`kplan data trends\`
#   demandTrend: ramp 6 months

# facts:
#   asOf: 2026-11-01
#   catalog: ./facts # your own prices and measurements, as \`kplan import\` writes them
`;
