// Every role that the app has, in one place: nothing else lets it in anywhere. The role in the database is made by scripts/postprovision.sh.

@description('Name of the app\'s identity.')
param identityName string

@description('Name of the storage account.')
param storageName string

@description('Name of the key vault.')
param vaultName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Name of the Durable Task scheduler; empty when Azure Storage keeps the orchestrations.')
param schedulerName string

@description('Name of the task hub.')
param taskHubName string

var usesScheduler = !empty(schedulerName)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (usesScheduler) {
  name: usesScheduler ? schedulerName : 'none'

  resource taskHub 'taskHubs' existing = {
    name: taskHubName
  }
}

// Storage Blob Data Owner: the Functions host asks for it by name, for locks, timers' state and its own keys; it covers the deployment package.
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

// Storage Queue Data Contributor and Storage Table Data Contributor: Durable Functions on Azure Storage alone.
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// Key Vault Secrets User: reads the values of secrets, and neither lists nor writes them.
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

// Monitoring Metrics Publisher: sends telemetry, logs and traces too whatever its name says, and reads none.
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

// Durable Task Data Contributor, on the one task hub: the app starts, signals, reads and purges orchestrations as well as running them; the
// narrower Durable Task Worker only runs them.
var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource blobRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, identity.id, blobDataOwner)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource queueRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!usesScheduler) {
  scope: storage
  name: guid(storage.id, identity.id, queueDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource tableRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!usesScheduler) {
  scope: storage
  name: guid(storage.id, identity.id, tableDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource vaultRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, keyVaultSecretsUser)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource telemetryRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: applicationInsights
  name: guid(applicationInsights.id, identity.id, monitoringMetricsPublisher)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource taskHubRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (usesScheduler) {
  scope: scheduler::taskHub
  name: guid(scheduler::taskHub.id, identity.id, durableTaskDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}
