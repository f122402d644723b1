// What wakes an operator. FollowUp tells the clinics' own staff by itself (docs/alerts.md); these are for whoever runs it.
// docs/operations.md says what to do on each.

@description('Name of the action group, and the beginning of the names of the alerts.')
param name string

@description('Region of the alerts: that of the workspace.')
param location string

@description('Tags of the alerts.')
param tags object

@description('Id of the Log Analytics workspace.')
param workspaceId string

@description('Id of the Application Insights component.')
param applicationInsightsId string

@description('Address that alerts are mailed to.')
param email string

@description('Address of the app, such as https://clinic.example, whose /api/health is asked from outside.')
param appUrl string

@description('Minutes for which a text may have been due before operators hear of it.')
@minValue(3)
param oldestDueMinutesThreshold int

@description('Refused, undelivered or unknown texts in 15 minutes that are too many.')
@minValue(1)
param failedSendsThreshold int

@description('Percentage of recipients found opted out, over six hours, that is too many.')
@minValue(1)
@maxValue(100)
param optedOutPercentThreshold int

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'followup'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// Three places, so that two can agree. The ids are Azure's own: Central US, East US, West Europe.
var places = ['us-fl-mia-edge', 'us-va-ash-azr', 'emea-nl-ams-azr']

resource health 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${name}-health'
  location: location
  tags: union(tags, { 'hidden-link:${applicationInsightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${name}-health'
    Name: 'FollowUp health'
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 60
    RetryEnabled: true
    Locations: [for place in places: { Id: place }]
    Request: {
      RequestUrl: '${appUrl}/api/health'
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
    }
  }
}

type rule = {
  name: string
  title: string
  description: string
  query: string
  severity: int
  frequency: string
  window: string
  threshold: int
  measure: string?
}

var rules rule[] = [
  {
    name: 'unhealthy'
    title: 'FollowUp: texts are late, or something they need is down'
    description: 'The health check fails from two places. Its body, at /api/health, says why: a text that has been due for 15 minutes, a red flag that nobody has taken, a paused sender, the store, the engine.'
    query: loadTextContent('../queries/unhealthy.kql')
    severity: 0
    frequency: 'PT5M'
    window: 'PT10M'
    threshold: 0
  }
  {
    name: 'oldest-due'
    title: 'FollowUp: a text is late'
    description: 'A text has been due for longer than it should. Nothing may be down: a busy sender, a slow store, a host that does not keep up.'
    query: loadTextContent('../queries/oldest-due.kql')
    severity: 1
    frequency: 'PT5M'
    window: 'PT10M'
    threshold: oldestDueMinutesThreshold - 1
    measure: 'Minutes'
  }
  {
    name: 'failed-sends'
    title: 'FollowUp: Twilio refuses texts'
    description: 'More texts than usual were refused by Twilio or not delivered, or it is unknown whether they went.'
    query: loadTextContent('../queries/failed-sends.kql')
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    threshold: failedSendsThreshold - 1
  }
  {
    name: 'opted-out-rate'
    title: 'FollowUp: many recipients have opted out'
    description: 'Of those texted in six hours, an unusual part has opted out: wrong texts, wrong people, or too many.'
    query: loadTextContent('../queries/opted-out.kql')
    severity: 2
    frequency: 'PT1H'
    window: 'PT6H'
    threshold: optedOutPercentThreshold
    measure: 'Percent'
  }
  {
    name: 'webhooks-unhandled'
    title: 'FollowUp: replies or delivery reports are not taken in'
    description: 'Requests of Twilio failed or were refused. A reply that is refused does not come again: read the incoming messages of that time at Twilio, symptoms first.'
    query: loadTextContent('../queries/webhooks-unhandled.kql')
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    threshold: 0
  }
  {
    name: 'courses-stuck'
    title: 'FollowUp: a course stands still'
    description: 'The orchestration of a session ended with an error, or could not be revived. Its texts do not go until somebody retries it.'
    query: loadTextContent('../queries/courses-stuck.kql')
    severity: 1
    frequency: 'PT15M'
    window: 'PT15M'
    threshold: 0
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for item in rules: {
    name: '${name}-${item.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: item.title
      description: item.description
      enabled: true
      severity: item.severity
      scopes: [workspaceId]
      evaluationFrequency: item.frequency
      windowSize: item.window
      autoMitigate: true
      // The tables of Application Insights come into being with the first telemetry, which a new deployment has not sent yet.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: item.query
            timeAggregation: item.?measure == null ? 'Count' : 'Maximum'
            metricMeasureColumn: item.?measure
            operator: 'GreaterThan'
            threshold: item.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [operators.id]
      }
    }
  }
]
