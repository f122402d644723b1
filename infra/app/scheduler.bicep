// Durable Task Scheduler: keeps the orchestrations. Only identities with a role open it, keys do not exist.

@description('Name of the scheduler.')
param name string

@description('Region of the scheduler. It is not in every region; latency wants the app\'s own.')
param location string

@description('Tags of the scheduler.')
param tags object

@description('Consumption (paid by action, 500 a second, no redundancy) or Dedicated (paid by capacity unit, 2,000 actions a second each).')
@allowed(['Consumption', 'Dedicated'])
param sku string

@description('Capacity units of a Dedicated scheduler, 1 to 3; three make it highly available. Not used for Consumption.')
@minValue(0)
@maxValue(3)
param capacity int

@description('Name of the task hub.')
param taskHubName string

@description('Whether the scheduler answers to its private endpoint alone.')
param privateNetworking bool

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: sku == 'Dedicated'
      ? {
          name: sku
          capacity: capacity
        }
      : {
          name: sku
        }
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    // An empty list lets nobody in by the public address.
    ipAllowlist: privateNetworking ? [] : ['0.0.0.0/0']
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHubName
}

// What has ended is purged; an orchestration that waits is never touched. Of a course that has failed the history is kept for longer.
resource retention 'Microsoft.DurableTask/schedulers/retentionPolicies@2026-02-01' = {
  parent: scheduler
  name: 'default'
  properties: {
    retentionPolicies: [
      {
        retentionPeriodInDays: 14
      }
      {
        retentionPeriodInDays: 30
        orchestrationState: 'Failed'
      }
    ]
  }
  dependsOn: [taskHub]
}

output id string = scheduler.id
output name string = scheduler.name
output endpoint string = scheduler.properties.endpoint
output taskHubName string = taskHub.name
